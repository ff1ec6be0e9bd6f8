import type { Page } from 'playwright-core';
import { checkoutForm } from './checkout-form.ts';
import { press } from './follow.ts';
import { forceValues } from './force-values.ts';
import type { Places } from './places.ts';

/** A page of the shop in one of its states. */
export type ShopPage = {
  readonly name: string;
  readonly status: number;
  /** Opens the page in a new browser context. */
  readonly open: (page: Page, places: Places) => Promise<void>;
};

const MUG = '/product/6E92ZMYYFZ';

/** Every page of the shop in every state that looks different. */
export const SHOP_PAGES: readonly ShopPage[] = [
  at('home', '/'),
  at('product', MUG),
  {
    name: 'product with a quantity that cannot be added',
    status: 422,
    open: async (page, { url }) => {
      await page.goto(url + MUG);
      await forceValues(page, { quantity: '11' });
      await press(page, 'Add to cart');
    },
  },
  at('search with results', '/search?q=a'),
  at('search without results', '/search?q=unicorn'),
  at('search without words', '/search?q='),
  at('cart, empty', '/cart'),
  { name: 'cart, filled', status: 200, open: fillCart },
  {
    name: 'cart, with every field wrong',
    status: 422,
    open: async (page, places) => {
      await fillCart(page, places);
      const names = Object.keys(await checkoutForm(page).values());
      await forceValues(page, Object.fromEntries(names.map((name) => [name, ''])));
      await press(page, /^Place order/);
    },
  },
  {
    name: 'cart, with a problem of the whole order',
    status: 503,
    open: async (page, places) => {
      await fillCart(page, { ...places, url: places.ordersUrl });
      await press(page, /^Place order/);
    },
  },
  {
    name: 'order, confirmed',
    status: 200,
    open: async (page, places) => {
      await fillCart(page, places);
      await press(page, /^Place order/);
    },
  },
  ...['PLACED', 'PAID', 'SHIPPED', 'REFUNDING', 'REJECTED'].map((state) => ({
    name: `order, ${state.toLowerCase()}`,
    status: 200,
    open: async (page: Page, { ordersUrl }: Places) => {
      await preventReload(page);
      await page.goto(`${ordersUrl}/order/${state}`);
    },
  })),
  at('nothing there', '/nowhere', 404),
  {
    name: 'outage',
    status: 503,
    open: async (page, { outageUrl }) => {
      await page.goto(outageUrl);
    },
  },
];

function at(name: string, path: string, status = 200): ShopPage {
  return {
    name,
    status,
    open: async (page, { url }) => {
      await page.goto(url + path);
    },
  };
}

async function fillCart(page: Page, { url }: Pick<Places, 'url'>): Promise<void> {
  await page.goto(url + MUG);
  await page.getByLabel('Quantity').selectOption('10');
  await press(page, 'Add to cart');
  await page.goto(`${url}/product/LS4PSXUNUM`);
  await press(page, 'Add to cart');
}

// The page of an order in progress reloads itself, which would interrupt the checks: remove the header that makes it.
async function preventReload(page: Page): Promise<void> {
  await page.route('**/order/*', async (route) => {
    const response = await route.fetch();
    const { refresh: _refresh, ...headers } = response.headers();
    await route.fulfill({ response, headers });
  });
}
