import { checkoutForm } from './form.ts';
import { drawFrom, type RandomBelow } from './mix.ts';
import type { PageName } from './page-names.ts';

/** One page a shopper asks for: with a form it is posted, without one it is read. */
export type Page = {
  readonly name: PageName;
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
};

/** The pages of one action, in their order; each makes sense only after the one before it was answered. */
export type Pages = readonly [Page, ...Page[]];

/** What the shop sells. */
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

/** The currencies the storefront offers. */
export const CURRENCIES: readonly string[] = ['USD', 'EUR', 'CAD', 'JPY', 'GBP', 'TRY'];

/** The quantities the product page offers. */
export const QUANTITIES: readonly number[] = [1, 2, 3, 4, 5, 10];

/** Where every shopper starts. */
export const HOME: Page = { name: 'index', path: '/' };

/**
 * The pages of an action, with everything a shopper would choose chosen at random.
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
