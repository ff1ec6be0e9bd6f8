import { HOME, type Page, type Pages } from './actions.ts';
import type { CookieJar } from './jar.ts';
import { newShopper } from './shopper.ts';
import type { Outcome, StorefrontClient } from './storefront-client.ts';

const view: Page = { name: 'browseProduct', path: '/product/a' };
const add: Page = { name: 'addToCart', path: '/cart', form: {} };
const ACTION: Pages = [view, add];
const failure: Outcome = { kind: 'failed', reason: 'HTTP_500' };

function storefront(outcomeOf: (page: Page) => Outcome) {
  const visits: { path: string; cookies: number }[] = [];
  const client: StorefrontClient = {
    visit: async (page, jar) => {
      visits.push({ path: page.path, cookies: jar.length });
      const more: CookieJar = [...jar, { name: page.path, value: '', path: '/', expiresAtMs: undefined }];
      return { outcome: outcomeOf(page), jar: more };
    },
    isHealthy: async () => true,
    [Symbol.dispose]: () => {},
  };
  return { client, visits };
}

describe('a shopper', () => {
  it('starts at the home page, requests the pages of an action in order, and keeps cookies', async () => {
    const { client, visits } = storefront(() => ({ kind: 'answered' }));
    const shopper = newShopper({ storefront: client, nextAction: () => ACTION });
    const midAction = [];
    for (let page = 0; page < 4; page += 1) {
      await shopper.requestNextPage();
      midAction.push(shopper.isMidAction());
    }
    expect(visits).toEqual([HOME, view, add, view].map(({ path }, cookies) => ({ path, cookies })));
    expect(midAction).toEqual([false, true, false, true]);
  });

  it('skips the rest of an action after a failed page', async () => {
    const { client, visits } = storefront(({ path }) => (path === '/product/a' ? failure : { kind: 'answered' }));
    const shopper = newShopper({ storefront: client, nextAction: () => ACTION });
    await shopper.requestNextPage();
    expect(await shopper.requestNextPage()).toEqual({ page: 'browseProduct', outcome: failure });
    expect(shopper.isMidAction()).toBe(false);
    await shopper.requestNextPage();
    expect(visits.map(({ path }) => path)).toEqual(['/', '/product/a', '/product/a']);
  });
});
