/**
 * Work that is never done twice at the same time. A call while it is being done is answered by one more run after it,
 * which all such calls share: every call is answered by a run that began after it.
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
    // How the run before ended is for those who asked for it.
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined;
        return start();
      });
    await next;
  };
}
