/** Orders, and tasks, that are processed at once: one hanging upstream must not block all of them. */
export const MAX_CONCURRENT = 16;

/** Starts work at once while fewer than `max` are running, and otherwise when one of them has ended, in order. */
export function concurrencyLimit(max: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running < max) running += 1;
    else await new Promise<void>((start) => waiting.push(start));
    try {
      return await work();
    } finally {
      const startNext = waiting.shift();
      if (startNext === undefined) running -= 1;
      else startNext();
    }
  };
}

/**
 * Resolves when all work has ended.
 *
 * @throws the first failure in the order of `all`
 */
export async function settled(all: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(all)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
