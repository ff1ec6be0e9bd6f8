import type { Shopper } from './shopper.ts';
import type { Outcome } from './storefront-client.ts';

/** A page that was started and has no response yet. */
export type HeldPage = {
  readonly shopper: number;
  readonly startedAt: number;
  readonly end: (outcome?: Outcome) => void;
};

/** Shoppers whose pages end when a test ends them. `onPage` is called for each page that starts. */
export function heldShoppers(onPage: (page: HeldPage) => void = () => {}) {
  const pages: HeldPage[] = [];
  let shoppers = 0;
  const newShopper = (): Shopper => {
    shoppers += 1;
    const shopper = shoppers;
    return {
      isMidAction: () => false,
      requestNextPage: () =>
        new Promise((resolve) => {
          const end = (outcome: Outcome = { kind: 'answered' }): void => resolve({ page: 'index', outcome });
          const page = { shopper, startedAt: performance.now(), end };
          pages.push(page);
          onPage(page);
        }),
    };
  };
  return { newShopper, pages, count: () => shoppers };
}
