import { MAX_BATCH } from '../../domain/limits.ts';

/** Splits a request of a batch RPC into parallel calls of at most MAX_BATCH items, and joins the responses in order. */
export async function inBatches<Asked, Item>(
  asked: readonly Asked[],
  ask: (batch: readonly Asked[]) => Promise<readonly Item[]>,
): Promise<readonly Item[]> {
  const starts = Array.from({ length: Math.ceil(asked.length / MAX_BATCH) }, (_, index) => index * MAX_BATCH);
  const responses = await Promise.all(starts.map((start) => ask(asked.slice(start, start + MAX_BATCH))));
  return responses.flat();
}
