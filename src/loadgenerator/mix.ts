import type { PageName } from './page-names.ts';

/** Returns a random integer from 0 to `limit - 1`. */
export type RandomBelow = (limit: number) => number;

/** The weights of the actions of shoppers, which sum to 19. Source: the load mix of Online Boutique. */
export const MIX: Readonly<Record<PageName, number>> = {
  index: 1,
  setCurrency: 2,
  browseProduct: 10,
  addToCart: 2,
  viewCart: 3,
  checkout: 1,
};

const MIN_WAIT_MS = 1000;
const MAX_WAIT_MS = 10_000;

const ACTIONS: readonly PageName[] = (Object.keys(MIX) as PageName[]).flatMap((name) =>
  Array.from({ length: MIX[name] }, () => name),
);

/** Draws the next action of a shopper, by the weights of the mix. */
export function drawAction(randomBelow: RandomBelow): PageName {
  return drawFrom(ACTIONS, randomBelow);
}

/** Draws the pause of a shopper between two actions, in milliseconds, uniformly from 1 to 10 seconds. */
export function drawWaitMs(randomBelow: RandomBelow): number {
  return MIN_WAIT_MS + randomBelow(MAX_WAIT_MS - MIN_WAIT_MS + 1);
}

/**
 * Draws one item of a list.
 *
 * @throws {RangeError} when the list is empty
 */
export function drawFrom<T>(choices: readonly T[], randomBelow: RandomBelow): T {
  const chosen = choices[randomBelow(choices.length)];
  if (chosen === undefined) throw new RangeError('cannot choose from an empty list');
  return chosen;
}
