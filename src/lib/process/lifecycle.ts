import type { Logger } from '../log/logger.ts';
import { withTimeLimit } from '../net/with-time-limit.ts';
import { type RunningService, runningService } from '../runtime/runtime.ts';
import { processLines } from './log-lines.ts';

/** How a process ends, in milliseconds. */
export type ShutdownTimes = {
  /** Between readiness off and the end of new calls. */
  readonly delayMs: number;
  /** From the first signal to exit, whatever still runs. */
  readonly limitMs: number;
};

/** How the time between the delay and the limit is shared out, in milliseconds. */
export type ShutdownShares = {
  /** For the calls or requests under way to finish. */
  readonly drainMs: number;
  /** For the whole service to close, its calls included. */
  readonly closeMs: number;
  /** For the traces that are left, after that. */
  readonly flushMs: number;
};

// Two seconds for the traces, one for what a service does after its last call, and half a second to spare.
const FLUSH_MS = 2000;
const AFTER_CLOSE_MS = FLUSH_MS + 500;
const AFTER_DRAIN_MS = AFTER_CLOSE_MS + 1000;

/** Shares out the time of a shutdown: all that does not need it is for the calls under way. */
export function shutdownShares({ delayMs, limitMs }: ShutdownTimes): ShutdownShares {
  const timeMs = Math.max(limitMs - delayMs, 0);
  return {
    drainMs: Math.max(timeMs - AFTER_DRAIN_MS, timeMs / 2),
    closeMs: Math.max(timeMs - AFTER_CLOSE_MS, (timeMs * 3) / 4),
    flushMs: Math.min(FLUSH_MS, timeMs / 5),
  };
}

/**
 * A service as its process ends it: it closes first, then its traces are sent, and its metrics can be read to the end. A
 * close that takes longer than its share is waited for after the traces, which tell what takes so long.
 */
export function endedInTime(
  service: RunningService,
  last: { readonly closeMs: number; readonly flush: () => Promise<void>; readonly closeMetrics: () => Promise<void> },
): RunningService {
  let closed = Promise.resolve();
  const close = async (): Promise<void> => {
    closed = Promise.resolve(service[Symbol.asyncDispose]());
    await withTimeLimit(last.closeMs, closed);
  };
  return runningService({ ...service, [Symbol.asyncDispose]: close }, [last.flush, () => closed, last.closeMetrics]);
}

/**
 * Ends the process on a signal that comes before anything was started. As process 1 of a container it would otherwise not
 * hear it: the system has no default for it there. Answers how to stop listening.
 */
export function exitOnEarlySignal(): () => void {
  const exit = (): void => process.exit(0);
  process.once('SIGTERM', exit).once('SIGINT', exit);
  return () => void process.off('SIGTERM', exit).off('SIGINT', exit);
}

/**
 * Ends the process well: the first SIGTERM or SIGINT turns readiness off, waits for the delay, lets running calls
 * finish, closes, and exits 0; past the limit it exits 1. A second signal exits at once.
 */
export function stopOnSignal(service: RunningService, log: Logger, times: ShutdownTimes): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) {
      log.write(processLines.secondSignal, { signal });
      process.exit(1);
    }
    stopping = true;
    log.write(processLines.stopping, { signal });
    // Not unref'd: a stop that hangs on nothing would let the process end by itself, as if all were well.
    setTimeout(() => {
      log.write(processLines.stopTimedOut, { limitMs: times.limitMs });
      process.exit(1);
    }, times.limitMs);
    void stop(service, times.delayMs).then(
      () => {
        log.write(processLines.stopped, {});
        process.exit(0);
      },
      (error: unknown) => {
        log.write(processLines.stopFailed, { err: error });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

async function stop(service: RunningService, delayMs: number): Promise<void> {
  service.startDraining();
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  await service[Symbol.asyncDispose]();
}
