import type { Logger } from '../lib/log/logger.ts';
import { catalogueLines } from './log-lines.ts';

const RETRY_MS = 1000;

/**
 * Loads once what a service cannot work without: at once, and every second again until it succeeds. Answers how to give
 * up. It keeps no process alive.
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

// Every second until it succeeds: a line is to say who is away, and no more.
function reasonOf(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : { message: String(error), cause: undefined };
  return cause instanceof Error ? cause.message : message;
}
