/** Waits for the work, but no longer than `limitMs`. Rejects when the work rejects first. */
export async function withTimeLimit(limitMs: number, done: Promise<void>): Promise<void> {
  await race(limitMs, done, (resolve) => resolve());
}

/**
 * Waits for the result of the work, but no longer than `limitMs`.
 *
 * @throws {Error} `no response within <limitMs> ms`
 */
export async function resultWithTimeLimit<T>(limitMs: number, response: Promise<T>): Promise<T> {
  return await race(limitMs, response, (_resolve, reject) => reject(new Error(`no response within ${limitMs} ms`)));
}

/** Waits for a value, but no longer than `limitMs`; then returns `otherwise`. Rejects when `value` rejects first. */
export async function resultOrDefault<T>(limitMs: number, value: Promise<T>, otherwise: T): Promise<T> {
  return await race(limitMs, value, (resolve) => resolve(otherwise));
}

async function race<T>(
  limitMs: number,
  work: Promise<T>,
  atLimit: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<T>((resolve, reject) => {
    timer = setTimeout(() => atLimit(resolve, reject), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
