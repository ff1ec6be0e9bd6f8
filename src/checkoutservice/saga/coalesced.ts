/**
 * Runs `work` at most once at a time. Calls during a run share one further run, so each call resolves with a run that
 * started after the call.
 */
export function coalesced(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = (): Promise<void> => {
    running = work().finally(() => {
      running = undefined;
    });
    return running;
  };
  return async () => {
    if (running === undefined) return await start();
    // A failure of the current run rejects only the calls that share that run.
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined;
        return start();
      });
    await next;
  };
}
