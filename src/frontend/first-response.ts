/**
 * Returns a function that resolves with whether an upstream has responded at least once. After the first response it
 * resolves with true without calling the upstream. Until then each invocation makes one call; concurrent invocations share it.
 */
export function firstResponse(call: () => Promise<unknown>): () => Promise<boolean> {
  let hasResponded = false;
  let inFlight: Promise<boolean> | undefined;
  const attempt = async (): Promise<boolean> => {
    try {
      await call();
      hasResponded = true;
    } catch {
      // Not reachable yet. The next invocation tries again; the client adapter has logged the failed call.
    } finally {
      inFlight = undefined;
    }
    return hasResponded;
  };
  return async () => {
    if (hasResponded) return true;
    inFlight ??= attempt();
    return await inFlight;
  };
}
