import type { Logger } from '../lib/log/logger.ts';
import { catalogueLines } from './log-lines.ts';

const RETRY_MS = 1000;

/**
 * Calls `load` at once, and again every second until it succeeds; then calls `onWarm`. The timer does not keep the process
 * alive.
 *
 * @returns stops the retries
 */
export function warmUp(options: { load: () => Promise<unknown>; onWarm: () => void; log: Logger }): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const attempt = async (): Promise<void> => {
    try {
      await options.load();
      if (!stopped) options.onWarm();
    } catch (error) {
      if (stopped) return;
      options.log.write(catalogueLines.notLoaded, { cause: reasonOf(error) });
      timer = setTimeout(() => void attempt(), RETRY_MS).unref();
    }
  };
  void attempt();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

// The line is written every second, so it names the failed call and has no stack.
function reasonOf(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : { message: String(error), cause: undefined };
  return cause instanceof Error ? cause.message : message;
}
