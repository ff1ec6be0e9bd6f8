import { pause } from './pause.ts';
import type { Shopper } from './shopper.ts';
import type { Tally } from './tally.ts';

/** Pages that start at a fixed rate, whether or not the earlier ones have a response. */
export type OpenModel = {
  readonly pagesPerSecond: number;
  /** Shoppers at the start; one is added whenever a page is due and all of them wait for a response. */
  readonly users: number;
  /** Limit of pages in flight; a page that is due at the limit is not started and counts as failed. */
  readonly maxInFlight: number;
  readonly newShopper: () => Shopper;
  readonly tally: Tally;
};

/**
 * Starts pages at the rate until the signal. Resolves when the last page has its response.
 *
 * Latency counts from the time a page was due, not from the time it was sent, so that a stall shows in every page that
 * was due during it (no coordinated omission).
 */
export async function runOpenModel(model: OpenModel, ending: AbortSignal): Promise<void> {
  const idle = Array.from({ length: model.users }, model.newShopper);
  const inFlight = new Set<Promise<void>>();
  const startPage = (dueAt: number): void => {
    if (inFlight.size >= model.maxInFlight) {
      model.tally.recordNotStarted();
      return;
    }
    // The shopper who has been idle longest, so that all shoppers take turns.
    const shopper = idle.shift() ?? model.newShopper();
    const visit = visitFrom(shopper, dueAt, model.tally).then(() => {
      idle.push(shopper);
      inFlight.delete(visit);
    });
    inFlight.add(visit);
  };
  const beganAt = performance.now();
  const dueAt = (page: number): number => beganAt + (page * 1000) / model.pagesPerSecond;
  for (let page = 0; !ending.aborted; ) {
    for (const now = performance.now(); dueAt(page) <= now; page += 1) startPage(dueAt(page));
    await pause(dueAt(page) - performance.now(), ending);
  }
  await Promise.all(inFlight);
}

async function visitFrom(shopper: Shopper, dueAt: number, tally: Tally): Promise<void> {
  const { page, outcome, span } = await shopper.requestNextPage();
  tally.record(page, outcome, performance.now() - dueAt, span);
}
