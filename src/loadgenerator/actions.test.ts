import { CURRENCIES, PRODUCT_IDS, pagesOf, QUANTITIES } from './actions.ts';
import { checkoutForm } from './form.ts';
import { PAGE_NAMES } from './page-names.ts';

const first = { randomBelow: () => 0, year: 2026 };
const last = { randomBelow: (limit: number) => limit - 1, year: 2026 };

describe('the actions of a shopper', () => {
  it('request the home page, a product page or the cart page', () => {
    expect(pagesOf('index', first)).toEqual([{ name: 'index', path: '/' }]);
    expect(pagesOf('browseProduct', first)).toEqual([{ name: 'browseProduct', path: '/product/OLJCESPC7Z' }]);
    expect(pagesOf('viewCart', first)).toEqual([{ name: 'viewCart', path: '/cart' }]);
  });

  it('post a currency to change it', () => {
    expect(pagesOf('setCurrency', last)).toEqual([
      { name: 'setCurrency', path: '/setCurrency', form: { currency_code: 'TRY' } },
    ]);
  });

  it('request a product page before they add the product to the cart', () => {
    expect(pagesOf('addToCart', last)).toEqual([
      { name: 'browseProduct', path: '/product/6E92ZMYYFZ' },
      { name: 'addToCart', path: '/cart', form: { product_id: '6E92ZMYYFZ', quantity: '10' } },
    ]);
  });

  it('add to the cart before they check out', () => {
    expect(pagesOf('checkout', first)).toEqual([
      ...pagesOf('addToCart', first),
      { name: 'checkout', path: '/cart/checkout', form: checkoutForm(first) },
    ]);
  });

  it('end with the page that has their name', () => {
    for (const action of PAGE_NAMES) expect(pagesOf(action, first).at(-1)?.name).toBe(action);
  });

  it('choose from nine products, six currencies and the six quantities that the storefront offers', () => {
    expect([new Set(PRODUCT_IDS).size, new Set(CURRENCIES).size]).toEqual([9, 6]);
    expect(QUANTITIES).toEqual([1, 2, 3, 4, 5, 10]);
  });
});
