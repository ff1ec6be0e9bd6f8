import { performance } from 'node:perf_hooks';
import { Counter, collectDefaultMetrics } from 'prom-client';
import type { Metrics } from './metrics.ts';

/** How finely delays of the event loop are seen, in milliseconds: each look is a wake-up of an idle process. */
const EVENT_LOOP_PRECISION_MS = 20;

/**
 * Adds what is known of this process: CPU, memory, garbage collection, event loop. Where several services share a process
 * it is added once, and not for each of them.
 */
export function addProcessMetrics({ registry }: Metrics): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_PRECISION_MS });
  const time = new Counter({
    name: 'nodejs_eventloop_time_seconds_total',
    help: 'Time the event loop was at work, and time it waited for work.',
    labelNames: ['state'],
    registers: [registry],
    collect: () => {
      const { active, idle } = performance.eventLoopUtilization();
      time.reset();
      time.inc({ state: 'active' }, active / 1000);
      time.inc({ state: 'idle' }, idle / 1000);
    },
  });
}
