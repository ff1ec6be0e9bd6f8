import { status } from '@grpc/grpc-js';
import { DomainError } from '../../lib/errors.ts';
import { freePort } from '../../lib/testing/free-port.ts';
import { type FakeShop, startFakeShop } from '../fake-shop.testing.ts';
import { startPlainCheckout } from '../plain-checkout.testing.ts';
import {
  GOOD_FORM,
  hiddenFieldsOn,
  newShopper,
  type Shopper,
  startTestFrontend,
  type TestFrontend,
} from '../shopper.testing.ts';

const CARD = { credit_card_number: '5555 5555 5555 4444', credit_card_cvv: '9753' };
const CARD_TRACES = /5555[ -]?5555|\b9753\b/;

describe('an order without a response', () => {
  let shop: FakeShop;
  let frontend: TestFrontend;
  let shopper: Shopper;

  beforeAll(async () => {
    shop = await startFakeShop();
    frontend = await startTestFrontend(shop);
  });

  afterAll(async () => {
    await frontend[Symbol.asyncDispose]();
    await shop[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    shop.reset();
    shopper = newShopper(frontend.url);
    await shopper.post('/cart', { product_id: '6E92ZMYYFZ', quantity: '2' });
  });

  const buy = (changes: Record<string, string> = {}) => shopper.post('/cart/checkout', { ...GOOD_FORM, ...changes });

  it.each([status.UNAVAILABLE, status.INTERNAL, status.UNKNOWN, status.DEADLINE_EXCEEDED])(
    'never says that ordering again is safe, and keeps the same key: status %i without ErrorInfo',
    async (code) => {
      await using checkout = await startPlainCheckout({ code, details: 'it broke' });
      await using other = await startTestFrontend(shop, { CHECKOUT_SERVICE_ADDR: checkout.address });
      const waiting = newShopper(other.url);
      await waiting.post('/cart', { product_id: '6E92ZMYYFZ', quantity: '2' });
      const hidden = hiddenFieldsOn(await waiting.get('/cart'));
      const page = await waiting.post('/cart/checkout', { ...GOOD_FORM, ...CARD, ...hidden });
      expect(page.status).toBe(503);
      expect(page.headers.get('retry-after')).toBe('5');
      expect(page.text).toContain('your card may have been charged');
      expect(page.text).not.toMatch(/safe|try again|nothing was charged/i);
      const key = `${hidden.cart_key}:${hidden.attempt}`;
      expect(page.headers.get('refresh')).toMatch(/^2; url=\/order-status\?key=[^&]+&since=\d+$/);
      expect(page.headers.get('refresh')).toContain(`key=${encodeURIComponent(key)}&`);
      expect(hiddenFieldsOn(await waiting.get('/cart'))).toEqual(hidden);
    },
  );

  it('states that nothing was charged when checkout names a reason, and keeps the form and its key', async () => {
    shop.fail(new DomainError('unavailable', 'UPSTREAM_UNAVAILABLE', 'no quote'), 'placeOrder');
    const hidden = hiddenFieldsOn(await shopper.get('/cart'));
    const page = await buy({ ...CARD, ...hidden, city: 'Lisbon' });
    expect(page.status).toBe(503);
    expect(page.headers.get('retry-after')).toBe('5');
    expect(page.text).toContain('Nothing was charged for this attempt');
    expect(page.text).toContain('value="Lisbon"');
    expect(page.text).not.toMatch(CARD_TRACES);
    expect(hiddenFieldsOn(page)).toEqual(hidden);
    expect(frontend.runtime.logs.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', msg: 'page failed', cause: expect.stringContaining('UNAVAILABLE') }),
    );
  });

  it('states that nothing was charged when payment cannot be reached, and keeps the form and its key', async () => {
    shop.fail(new DomainError('unavailable', 'PAYMENT_UNREACHABLE', 'no connection'), 'placeOrder');
    const hidden = hiddenFieldsOn(await shopper.get('/cart'));
    const page = await buy({ ...CARD, ...hidden });
    expect(page.status).toBe(503);
    expect(page.headers.get('retry-after')).toBe('5');
    expect(page.text).toContain('The payment could not be made. Nothing was charged: please try again in a moment.');
    expect(hiddenFieldsOn(page)).toEqual(hidden);
  });

  it('states that nothing was charged, even when the cart cannot be shown', async () => {
    shop.fail(new DomainError('unavailable', 'UPSTREAM_UNAVAILABLE', 'no cart'), 'placeOrder', 'getCart');
    const page = await buy();
    expect(page.status).toBe(503);
    expect(page.headers.get('retry-after')).toBe('5');
    expect(page.text).toContain('Your order was not placed');
    expect(page.text).toContain('Nothing was charged for this attempt');
  });

  it('keeps the form, its key and its total while the cart cannot be read', async () => {
    const hidden = hiddenFieldsOn(await shopper.get('/cart'));
    shop.fail(new DomainError('unavailable', 'UPSTREAM_UNAVAILABLE', 'no cart'), 'placeOrder', 'getCart');
    const page = await buy({ ...CARD, ...hidden, city: 'Lisbon' });
    expect(page.text).toContain('The items in your cart cannot be shown at the moment');
    expect(page.text).toContain('Place order for $22.98');
    expect(page.text).toContain('value="Lisbon"');
    expect(page.text).not.toMatch(CARD_TRACES);
    expect(hiddenFieldsOn(page)).toEqual(hidden);
  });

  it('shows an invalid form with its problems while the cart cannot be read', async () => {
    const hidden = hiddenFieldsOn(await shopper.get('/cart'));
    shop.fail(new DomainError('unavailable', 'UPSTREAM_UNAVAILABLE', 'no cart'), 'getCart');
    const page = await buy({ ...CARD, ...hidden, city: 'Lisbon', email: 'no address' });
    expect(page.status).toBe(503);
    expect(page.headers.get('retry-after')).toBe('5');
    expect(page.text).toContain('The items in your cart cannot be shown at the moment');
    expect(page.text).toContain('id="email-problem"');
    expect(page.text).toContain('value="no address"');
    expect(page.text).toContain('value="Lisbon"');
    expect(page.text).not.toMatch(CARD_TRACES);
    expect(hiddenFieldsOn(page)).toEqual(hidden);
    expect(frontend.runtime.logs.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', msg: 'page failed', cause: expect.stringContaining('UNAVAILABLE') }),
    );
  });

  it('does not wait for a cart that hangs', async () => {
    shop.fail(new DomainError('unavailable', 'UPSTREAM_UNAVAILABLE', 'no quote'), 'placeOrder');
    shop.hang('getCart');
    await using hurried = await startTestFrontend(shop, {}, { budgets: { checkoutMs: 400, optionalPartMs: 50 } });
    const page = await newShopper(hurried.url).post('/cart/checkout', GOOD_FORM);
    expect(page.status).toBe(503);
    expect(page.text).toContain('Nothing was charged for this attempt');
    expect(page.text).toContain('action="/cart/checkout"');
  });

  it('states that nothing was charged when no connection to checkout was made', async () => {
    const CHECKOUT_SERVICE_ADDR = `127.0.0.1:${await freePort()}`;
    await using lonely = await startTestFrontend(shop, { CHECKOUT_SERVICE_ADDR });
    const other = newShopper(lonely.url);
    await other.post('/cart', { product_id: '6E92ZMYYFZ', quantity: '2' });
    const page = await other.post('/cart/checkout', GOOD_FORM);
    expect(page.status).toBe(503);
    expect(page.text).toContain('Nothing was charged for this attempt');
  });
});
