import type { Logger } from './logger.ts';
import type { RunningService } from './runtime.ts';

/** How a process ends, in milliseconds. */
export type ShutdownTimes = {
  /** Between readiness off and the end of new calls. */
  readonly delayMs: number;
  /** From the first signal to exit, whatever still runs. */
  readonly limitMs: number;
};

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
      log.warn({ signal }, 'second signal: stopping at once');
      process.exit(1);
    }
    stopping = true;
    log.info({ signal }, 'stopping');
    // Not unref'd: a stop that hangs on nothing would let the process end by itself, as if all were well.
    setTimeout(() => {
      log.error({ limitMs: times.limitMs }, 'not stopped within the limit');
      process.exit(1);
    }, times.limitMs);
    void stop(service, times.delayMs).then(
      () => {
        log.info({}, 'stopped');
        process.exit(0);
      },
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
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
