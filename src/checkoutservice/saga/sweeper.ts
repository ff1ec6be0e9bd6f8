import type { Logger } from '../../lib/logger.ts';

const INTERVAL_MS = 1000;

/** Sweeps again and again, every second and whenever woken. */
export type Sweeper = {
  /** Sweeps soon, without waiting for the second to pass. */
  readonly wake: () => void;
  /** Sweeps a last time, and then no more. */
  readonly stop: () => Promise<void>;
};

/** Starts to sweep. */
export function startSweeping(recovery: { sweep: () => Promise<void> }, log: Logger): Sweeper {
  const sweep = async (): Promise<void> => {
    try {
      await recovery.sweep();
    } catch (error) {
      log.error({ err: error }, 'sweep failed');
    }
  };
  const timer = setInterval(() => void sweep(), INTERVAL_MS);
  timer.unref();
  return {
    wake: () => setImmediate(() => void sweep()),
    stop: async () => {
      clearInterval(timer);
      await sweep();
    },
  };
}
