import { MAX_BATCH } from '../../domain/limits.ts';
/** What one call of a batch RPC may ask for. */

/** Asks a batch RPC for any number of things, as many calls at once as that takes, and joins the answers in order. */
export async function inBatches<Asked, Answered>(
  asked: readonly Asked[],
  ask: (batch: readonly Asked[]) => Promise<readonly Answered[]>,
): Promise<readonly Answered[]> {
  const starts = Array.from({ length: Math.ceil(asked.length / MAX_BATCH) }, (_, index) => index * MAX_BATCH);
  const answers = await Promise.all(starts.map((start) => ask(asked.slice(start, start + MAX_BATCH))));
  return answers.flat();
}
