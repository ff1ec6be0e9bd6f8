import type { Page } from 'playwright-core';
import { MUG } from '../integration/web-shopper.ts';
import { addToCart } from './add-to-cart.ts';
import { checkoutForm } from './checkout-form.ts';
import { press } from './follow.ts';
import { forceValues } from './force-values.ts';
import { RESPONSE_LOST } from './order-server.ts';
import type { Storefronts } from './storefronts.ts';

/** A page of the shop in one of its states. */
export type ShopPage = {
  readonly name: string;
  readonly status: number;
  /** Opens the page; the browser has no cookies. */
  readonly open: (page: Page, storefronts: Storefronts) => Promise<void>;
};

const MUG_PATH = `/product/${MUG}`;

/** Every page of the shop in every state that looks different. */
export const SHOP_PAGES: readonly ShopPage[] = [
  at('home', '/'),
  at('product', MUG_PATH),
  {
    name: 'product with a quantity that cannot be added',
    status: 422,
    open: async (page, { url }) => {
      await page.goto(url + MUG_PATH);
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
    open: async (page, storefronts) => {
      await fillCart(page, storefronts);
      const names = Object.keys(await checkoutForm(page).values());
      await forceValues(page, Object.fromEntries(names.map((name) => [name, ''])));
      await press(page, /^Place order/);
    },
  },
  {
    name: 'cart, with a problem of the whole order',
    status: 503,
    open: async (page, storefronts) => {
      await fillCart(page, { url: storefronts.ordersUrl });
      await press(page, /^Place order/);
    },
  },
  {
    name: 'order, confirmed',
    status: 200,
    open: async (page, storefronts) => {
      await fillCart(page, storefronts);
      await press(page, /^Place order/);
    },
  },
  ...['PLACED', 'PAID', 'SHIPPED', 'REFUNDING', 'REJECTED'].map((state) => ({
    name: `order, ${state.toLowerCase()}`,
    status: 200,
    open: async (page: Page, { ordersUrl }: Storefronts) => {
      await preventReload(page);
      await page.goto(`${ordersUrl}/order/${state}`);
    },
  })),
  {
    name: 'order, without a response',
    status: 503,
    open: async (page, { ordersUrl }) => {
      await fillCart(page, { url: ordersUrl });
      await preventReload(page);
      await checkoutForm(page).fill({ city: RESPONSE_LOST });
      await press(page, /^Place order/);
    },
  },
  {
    name: 'order, not found any more',
    status: 200,
    open: async (page, { url }) => {
      await page.goto(`${url}/order-status?key=${encodeURIComponent('cart:none:1')}&since=0`);
    },
  },
  at('orders, none yet', '/orders'),
  {
    name: 'orders, in every state',
    status: 200,
    open: async (page, { ordersUrl }) => {
      await page.goto(`${ordersUrl}/orders`);
    },
  },
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

async function fillCart(page: Page, { url }: Pick<Storefronts, 'url'>): Promise<void> {
  await addToCart(page, url, { [MUG]: 10, LS4PSXUNUM: 1 });
  await page.goto(`${url}/cart`);
}

// The page of an order in progress reloads itself, which would interrupt the checks: remove the header that makes it.
async function preventReload(page: Page): Promise<void> {
  await page.route(/\/(?:order|cart)\/[^/]+$/, async (route) => {
    const response = await route.fetch();
    const { refresh: _refresh, ...headers } = response.headers();
    await route.fulfill({ response, headers });
  });
}
