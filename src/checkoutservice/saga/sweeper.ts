import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Logger } from '../../lib/log/logger.ts';
import { recoveryLines } from '../log-lines.ts';
import type { Recovery } from './recovery.ts';

const INTERVAL_MS = 1000;

/** Runs the recovery every second and when woken. */
export type Sweeper = {
  /** Sweeps without waiting for the next second. */
  readonly wake: () => void;
  /** Sweeps a last time and stops. */
  readonly stop: () => Promise<void>;
};

export function startSweeping(recovery: Recovery, log: Logger): Sweeper {
  let stopped = false;
  const attempt = async (sweep: () => Promise<void>): Promise<void> => {
    try {
      await sweep();
    } catch (error) {
      log.write(recoveryLines.sweepFailed, { err: error });
    }
  };
  const sweepOnce = (): void => {
    if (!stopped) void attempt(recovery.sweep);
  };
  const timer = setInterval(sweepOnce, INTERVAL_MS);
  timer.unref();
  return {
    // Detach from the caller's span: one sweep serves many orders.
    wake: () => context.with(ROOT_CONTEXT, () => void setImmediate(sweepOnce)),
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await attempt(recovery.lastSweep);
    },
  };
}
