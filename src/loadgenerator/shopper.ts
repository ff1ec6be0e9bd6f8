import { HOME, type Page, type Pages } from './actions.ts';
import type { CookieJar } from './jar.ts';
import type { PageName } from './page-names.ts';
import type { StorefrontClient, Visit } from './storefront-client.ts';

/** One person in the shop, with cookies of their own, looking at one page at a time. */
export type Shopper = {
  /** Asks for the next page: the home page first, then those of one action after the other. */
  readonly visitNext: () => Promise<Pick<Visit, 'outcome' | 'span'> & { readonly page: PageName }>;
  /** Whether the next page belongs to the action of the last one. */
  readonly isMidAction: () => boolean;
};

/**
 * A new shopper. When a page fails the rest of its action is given up: nobody can check out what is not in the cart.
 *
 * @param deps.nextAction draws the pages of an action
 */
export function newShopper(deps: { storefront: StorefrontClient; nextAction: () => Pages }): Shopper {
  let jar: CookieJar = [];
  let ahead: readonly Page[] = [HOME];
  return {
    visitNext: async () => {
      const [planned, ...rest] = ahead;
      const [page, ...after] = planned === undefined ? deps.nextAction() : [planned, ...rest];
      const { jar: kept, ...visit } = await deps.storefront.visit(page, jar);
      jar = kept;
      ahead = visit.outcome.kind === 'answered' ? after : [];
      return { page: page.name, ...visit };
    },
    isMidAction: () => ahead.length > 0,
  };
}
