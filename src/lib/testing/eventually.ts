const POLL_MS = 10;

/**
 * Polls a condition until it holds. The limit only ends a hang: no test may depend on how fast the condition comes true.
 *
 * @throws {Error} when the condition does not hold within `hangLimitMs`
 */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  hangLimitMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + hangLimitMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`timed out after ${hangLimitMs} ms while waiting for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
