import { checkoutForm } from './form.ts';
import { drawFrom, type RandomBelow } from './mix.ts';
import type { PageName } from './page-names.ts';

/** One page that a shopper requests: by POST if it has a form, otherwise by GET. */
export type Page = {
  readonly name: PageName;
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
};

/** The pages of one action, in order. Each one is requested only after the one before it succeeded. */
export type Pages = readonly [Page, ...Page[]];

/** The product ids of the catalogue. */
export const PRODUCT_IDS: readonly string[] = [
  'OLJCESPC7Z',
  '66VCHSJNUP',
  '1YMWWN1N4O',
  'L9ECAV7KIM',
  '2ZYFJ3GM2N',
  '0PUK6V6EV0',
  'LS4PSXUNUM',
  '9SIQT8TOJO',
  '6E92ZMYYFZ',
];

/** The currencies that the storefront offers. */
export const CURRENCIES: readonly string[] = ['USD', 'EUR', 'CAD', 'JPY', 'GBP', 'TRY'];

/** The quantities that the product page offers. */
export const QUANTITIES: readonly number[] = [1, 2, 3, 4, 5, 10];

/** The first page of every shopper. */
export const HOME: Page = { name: 'index', path: '/' };

/**
 * The pages of an action, with random products, quantities and form values.
 *
 * @param year the calendar year it is
 */
export function pagesOf(action: PageName, draw: { randomBelow: RandomBelow; year: number }): Pages {
  const { randomBelow } = draw;
  switch (action) {
    case 'index':
      return [HOME];
    case 'setCurrency':
      return [{ name: action, path: '/setCurrency', form: { currency_code: drawFrom(CURRENCIES, randomBelow) } }];
    case 'browseProduct':
      return [productPage(drawFrom(PRODUCT_IDS, randomBelow))];
    case 'viewCart':
      return [{ name: action, path: '/cart' }];
    case 'addToCart':
      return addToCart(randomBelow);
    case 'checkout':
      return [...addToCart(randomBelow), { name: action, path: '/cart/checkout', form: checkoutForm(draw) }];
  }
}

function productPage(productId: string): Page {
  return { name: 'browseProduct', path: `/product/${productId}` };
}

function addToCart(randomBelow: RandomBelow): Pages {
  const productId = drawFrom(PRODUCT_IDS, randomBelow);
  const quantity = String(drawFrom(QUANTITIES, randomBelow));
  return [productPage(productId), { name: 'addToCart', path: '/cart', form: { product_id: productId, quantity } }];
}
