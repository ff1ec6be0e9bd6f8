// An upstream that hangs must not make every order and every mail wait for the one before it.
const MAX_CONCURRENT = 16;

/**
 * Does the work for every item, 16 at a time, also when some fail.
 *
 * @throws the first failure
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
