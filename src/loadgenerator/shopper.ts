import { HOME, type Page, type Pages } from './actions.ts';
import type { CookieJar } from './jar.ts';
import type { PageName } from './page-names.ts';
import type { PageResult, StorefrontClient } from './storefront-client.ts';

/** One simulated user with its own cookies, who requests one page at a time. */
export type Shopper = {
  /** Requests the next page: first the home page, then the pages of one action after the other. */
  readonly requestNextPage: () => Promise<Pick<PageResult, 'outcome' | 'span'> & { readonly page: PageName }>;
  /** Whether the next page belongs to the same action as the last one. */
  readonly isMidAction: () => boolean;
};

/**
 * A new shopper. When a page fails, the shopper skips the rest of its action: a checkout, for example, needs the page
 * that fills the cart.
 *
 * @param deps.nextAction draws the pages of an action
 */
export function newShopper(deps: { storefront: StorefrontClient; nextAction: () => Pages }): Shopper {
  let jar: CookieJar = [];
  let ahead: readonly Page[] = [HOME];
  return {
    requestNextPage: async () => {
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
