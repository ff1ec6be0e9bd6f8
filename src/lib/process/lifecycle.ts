import type { Logger } from '../log/logger.ts';
import { withTimeLimit } from '../net/with-time-limit.ts';
import { type RunningService, runningService } from '../runtime/runtime.ts';
import { processLines } from './log-lines.ts';

/** The configured times of a shutdown, in milliseconds. */
export type ShutdownTimes = {
  /** Between readiness off and the end of new calls. */
  readonly delayMs: number;
  /** From the first signal to a forced exit. */
  readonly limitMs: number;
};

/** How the time between the delay and the limit is divided, in milliseconds. */
export type ShutdownShares = {
  /** For the calls or requests in flight. */
  readonly drainMs: number;
  /** For the whole service to close, calls in flight included. */
  readonly closeMs: number;
  /** For the flush of the traces after closing. */
  readonly flushMs: number;
};

// Two seconds to flush the traces, one second to close a service after its last call, half a second of reserve.
const FLUSH_MS = 2000;
const AFTER_CLOSE_MS = FLUSH_MS + 500;
const AFTER_DRAIN_MS = AFTER_CLOSE_MS + 1000;

/** Divides the time of a shutdown: the calls in flight get all of it except what closing and flushing need. */
export function shutdownShares({ delayMs, limitMs }: ShutdownTimes): ShutdownShares {
  const timeMs = Math.max(limitMs - delayMs, 0);
  return {
    drainMs: Math.max(timeMs - AFTER_DRAIN_MS, timeMs / 2),
    closeMs: Math.max(timeMs - AFTER_CLOSE_MS, (timeMs * 3) / 4),
    flushMs: Math.min(FLUSH_MS, timeMs / 5),
  };
}

/**
 * Extends the disposal of a service: it closes, then flushes the traces, and closes the metrics server last. When closing takes
 * longer than `closeMs`, the traces are flushed first, because they show what takes so long, and closing is awaited after that.
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
 * Exits 0 on SIGTERM or SIGINT before the service has started: the kernel has no default action for process 1 of a container,
 * so the signal would be ignored. Returns a function that removes the listeners.
 */
export function exitOnEarlySignal(): () => void {
  const exit = (): void => process.exit(0);
  process.once('SIGTERM', exit).once('SIGINT', exit);
  return () => void process.off('SIGTERM', exit).off('SIGINT', exit);
}

/**
 * Shuts down on signals: the first SIGTERM or SIGINT turns readiness off, waits for the delay, finishes the calls in flight,
 * closes, and exits 0. At the limit, or when closing fails, it exits 1. A second signal exits 1 immediately.
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
    // Not unref'd: when closing never ends and no handle is open, Node would exit 0 before this timer.
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
