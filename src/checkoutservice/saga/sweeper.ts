import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { DomainError } from '../../lib/errors.ts';
import type { Runtime } from '../../lib/runtime/runtime.ts';
import { recoveryLines } from '../log-lines.ts';
import type { Recovery } from './recovery.ts';

const INTERVAL_MS = 1000;

/** Runs the recovery every second. */
export type Sweeper = {
  /** Processes due outbox tasks without waiting for the next second. */
  readonly wake: () => void;
  /** Sweeps a last time and stops. */
  readonly stop: () => Promise<void>;
};

/** Logs an unavailable store once, and once when it can be used again: a sweep every second must not fill the log. */
export function startSweeping(recovery: Recovery, { log, now }: Pick<Runtime, 'log' | 'now'>): Sweeper {
  let stopped = false;
  let started = 0;
  let unavailable: { readonly attempt: number; readonly sinceMs: number } | undefined;

  const attempt = async (sweep: () => Promise<void>): Promise<void> => {
    started += 1;
    const number = started;
    try {
      await sweep();
    } catch (error) {
      const isUnavailable = error instanceof DomainError && error.reason === 'STORE_UNAVAILABLE';
      if (!isUnavailable || unavailable === undefined) log.write(recoveryLines.sweepFailed, { err: error });
      if (isUnavailable) unavailable ??= { attempt: number, sinceMs: now() };
      return;
    }
    // Sweeps overlap: one that started before the failure says nothing about the store.
    if (unavailable === undefined || number <= unavailable.attempt) return;
    log.write(recoveryLines.sweepSucceeds, { unavailableMs: now() - unavailable.sinceMs });
    unavailable = undefined;
  };
  const attemptUnlessStopped = (sweep: () => Promise<void>): void => {
    if (!stopped) void attempt(sweep);
  };
  const timer = setInterval(() => attemptUnlessStopped(recovery.sweep), INTERVAL_MS);
  timer.unref();
  return {
    // Detach from the caller's span: one sweep serves many orders.
    wake: () => context.with(ROOT_CONTEXT, () => void setImmediate(() => attemptUnlessStopped(recovery.sweepTasks))),
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await attempt(recovery.lastSweep);
    },
  };
}
