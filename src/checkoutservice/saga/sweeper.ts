import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Logger } from '../../lib/log/logger.ts';
import { recoveryLines } from '../log-lines.ts';
import type { Recovery } from './recovery.ts';

const INTERVAL_MS = 1000;

/** Sweeps again and again, every second and whenever woken. */
export type Sweeper = {
  /** Sweeps soon, without waiting for the second to pass. */
  readonly wake: () => void;
  /** Sweeps a last time, and then no more. */
  readonly stop: () => Promise<void>;
};

/** Starts to sweep. */
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
    // Detach from the caller's span: one sweep serves all orders.
    wake: () => context.with(ROOT_CONTEXT, () => void setImmediate(sweepOnce)),
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await attempt(recovery.lastSweep);
    },
  };
}
