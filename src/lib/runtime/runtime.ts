import { randomInt, randomUUID } from 'node:crypto';
import type { Tracer } from '@opentelemetry/api';
import type { Logger } from '../log/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** The world as a service sees it: what differs from run to run comes in here, so that a test can decide it. */
export type Runtime = {
  /** One word, as in the topology. */
  readonly service: string;
  /** Version of the code that runs. */
  readonly version: string;
  readonly log: Logger;
  /** Makes the spans of this service. */
  readonly tracer: Tracer;
  /** Counts and measures what this service does. */
  readonly metrics: Metrics;
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
  /** A new unique id: a UUID of version 4. */
  readonly newId: () => string;
  /** A random whole number from 0 to `limit - 1`. */
  readonly randomBelow: (limit: number) => number;
};

/** The runtime of a real process: real clock, real randomness. */
export function systemRuntime(identity: Pick<Runtime, 'service' | 'version' | 'log' | 'tracer' | 'metrics'>): Runtime {
  return { ...identity, now: Date.now, newId: randomUUID, randomBelow: (limit) => randomInt(limit) };
}

/** What every started service is: bound to an address, and closed by disposing it. */
export type RunningService = AsyncDisposable & {
  /** `host:port` it is bound to; empty for a service that serves nothing. */
  readonly address: string;
  /** Turns readiness off: health answers NOT_SERVING, calls are still served. The first step of a shutdown. */
  readonly startDraining: () => void;
};

/**
 * A server together with what it uses: disposing it closes the server first, then the rest in the order given, each of
 * them whatever became of those before; the first failure is the one it rejects with.
 */
export function runningService(server: RunningService, used: readonly (() => void | Promise<void>)[]): RunningService {
  return {
    address: server.address,
    startDraining: server.startDraining,
    [Symbol.asyncDispose]: async () => {
      const failures: unknown[] = [];
      for (const close of [() => server[Symbol.asyncDispose](), ...used]) {
        try {
          await close();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
