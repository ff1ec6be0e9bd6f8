import { pause } from './pause.ts';
import type { Shopper } from './shopper.ts';
import type { Tally } from './tally.ts';

// However little they think, shoppers who find the shop closed do not hammer at its door.
const MIN_WAIT_AFTER_FAILURE_MS = 100;

/** Users who wait for each answer and then think. */
export type ClosedModel = {
  readonly users: number;
  /** New users per second. */
  readonly rate: number;
  readonly newShopper: () => Shopper;
  /** Draws how long a user thinks between two actions, in milliseconds. */
  readonly nextWaitMs: () => number;
  readonly tally: Tally;
};

/** Lets the users come, one after the other, and shop until the signal. Resolves when the last page is answered. */
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
    const { page, outcome, span } = await shopper.visitNext();
    model.tally.record(page, outcome, performance.now() - startedAt, span);
    if (shopper.isMidAction()) continue;
    const leastMs = outcome.kind === 'failed' ? MIN_WAIT_AFTER_FAILURE_MS : 0;
    await pause(Math.max(model.nextWaitMs(), leastMs), ending);
  }
}
