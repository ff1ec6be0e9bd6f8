// Limits concurrency: one hanging upstream must not block all orders and mails.
const MAX_CONCURRENT = 16;

/**
 * Calls `work` for every item, at most 16 at a time, and continues after failures.
 *
 * @throws the first failure, after all items
 */
export async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item).catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: MAX_CONCURRENT }, worker));
  if (failures.length > 0) throw failures[0];
}
