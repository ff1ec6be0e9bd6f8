/**
 * Tells whether an upstream has answered at least once. Once the answer is yes it stays yes, and the upstream is not
 * called again. Until then each question makes one call; questions that arrive while it is in flight share it.
 */
export function firstAnswer(call: () => Promise<unknown>): () => Promise<boolean> {
  let answered = false;
  let inFlight: Promise<boolean> | undefined;
  const attempt = async (): Promise<boolean> => {
    try {
      await call();
      answered = true;
    } catch {
      // Not reached yet. The next question tries again, and the client adapter has logged the failed call.
    } finally {
      inFlight = undefined;
    }
    return answered;
  };
  return async () => {
    if (answered) return true;
    inFlight ??= attempt();
    return await inFlight;
  };
}
