import { randomInt, randomUUID } from 'node:crypto';
import type { Tracer } from '@opentelemetry/api';
import type { Logger } from '../log/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** The dependencies that differ between runs: clock, ids, randomness and telemetry. A test passes its own. */
export type Runtime = {
  /** Name of the service, as in the topology. */
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

/** A started service. Disposing it closes it. */
export type RunningService = AsyncDisposable & {
  /** `host:port` that it is bound to; empty for a service without a server. */
  readonly address: string;
  /** Turns readiness off: the health check returns NOT_SERVING, calls are still served. The first step of a shutdown. */
  readonly startDraining: () => void;
};

/**
 * Combines a server with the resources that it uses. Disposing the result closes the server and then the resources in the
 * given order. A failure does not stop the others from being closed; the disposal rejects with the first failure.
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
