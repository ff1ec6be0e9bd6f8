import { pause } from './pause.ts';
import type { Shopper } from './shopper.ts';
import type { Tally } from './tally.ts';

// Shoppers wait at least this long after a failed page, so that an unavailable shop is not requested in a busy loop.
const MIN_WAIT_AFTER_FAILURE_MS = 100;

/** Users who wait for each response and then pause. */
export type ClosedModel = {
  readonly users: number;
  /** New users per second. */
  readonly rate: number;
  readonly newShopper: () => Shopper;
  /** Draws the pause of a user between two actions, in milliseconds. */
  readonly nextWaitMs: () => number;
  readonly tally: Tally;
};

/** Starts the users at the rate and lets them shop until the signal. Resolves when the last page has its response. */
export async function runClosedModel(model: ClosedModel, ending: AbortSignal): Promise<void> {
  const shopping: Promise<void>[] = [];
  while (shopping.length < model.users && !ending.aborted) {
    shopping.push(shop(model, ending));
    await pause(1000 / model.rate, ending);
  }
  await Promise.all(shopping);
}

async function shop(model: ClosedModel, ending: AbortSignal): Promise<void> {
  const shopper = model.newShopper();
  while (!ending.aborted) {
    const startedAt = performance.now();
    const { page, outcome, span } = await shopper.requestNextPage();
    model.tally.record(page, outcome, performance.now() - startedAt, span);
    if (shopper.isMidAction()) continue;
    const minWaitMs = outcome.kind === 'failed' ? MIN_WAIT_AFTER_FAILURE_MS : 0;
    await pause(Math.max(model.nextWaitMs(), minWaitMs), ending);
  }
}
