import type { PlaceOrderRequest } from '../../genproto/hipstershop/checkout.ts';
import { OrderState } from '../../genproto/hipstershop/order.ts';
import type { Reason } from '../../lib/error-reason.ts';
import { DomainError } from '../../lib/errors.ts';
import { eventually } from '../../lib/testing/eventually.ts';
import { type FakeShop, startFakeShop } from '../fake-shop.testing.ts';
import {
  GOOD_FORM,
  type Got,
  hiddenFieldsOn,
  newShopper,
  type Shopper,
  startTestFrontend,
  type TestFrontend,
} from '../shopper.testing.ts';
import { orderOf, wholeOrder } from '../small-shop.testing.ts';

const CARD = { credit_card_number: '5555 5555 5555 4444', credit_card_cvv: '9753' };
const CARD_TRACES = /5555[ -]?5555|\b9753\b/;

describe('checking out', () => {
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
  const placed = (): PlaceOrderRequest[] =>
    shop.calls.filter(({ rpc }) => rpc === 'placeOrder').map(({ request }) => request as PlaceOrderRequest);
  const refuse = (reason: string) =>
    shop.fail(
      new DomainError('precondition', reason as Reason, 'refused', { metadata: { order_id: 'order-9' } }),
      'placeOrder',
    );
  const unrefuse = () => shop.respondWith({ placeOrder: undefined } as never);

  /** The error message that a field refers to by aria-describedby. */
  const problemOf = (page: Got, field: string) => new RegExp(`id="${field}-problem">([^<]*)<`).exec(page.text)?.[1];

  it('redirects to the page of the order', async () => {
    const bought = await buy(hiddenFieldsOn(await shopper.get('/cart')));
    expect(bought.status).toBe(303);
    expect(bought.headers.get('location')).toBe('/order/order-1');
    expect((await shopper.get('/order/order-1')).text).toContain('Thank you for your order');
    expect((await shopper.get('/cart')).text).toContain('Your cart is empty');
  });

  it('sends the cart key, the address, the card and the currency to checkoutservice', async () => {
    shopper.cookies.set('shop_currency', 'GBP');
    await buy({
      ...hiddenFieldsOn(await shopper.get('/cart')),
      zip_code: '00501',
      credit_card_number: '4432-8015 6152-0454',
    });
    expect(placed()).toEqual([
      {
        userId: shopper.cookies.get('shop_session-id'),
        userCurrency: 'GBP',
        email: 'someone@example.com',
        address: {
          streetAddress: '1600 Amphitheatre Parkway',
          city: 'Mountain View',
          state: 'CA',
          country: 'United States',
          zipCode: 501,
          postalCode: '00501',
        },
        creditCard: {
          creditCardNumber: '4432801561520454',
          creditCardCvv: 672,
          creditCardExpirationYear: 2030,
          creditCardExpirationMonth: 1,
        },
        idempotencyKey: 'cart:v1:1',
        expectedTotal: { currencyCode: 'GBP', units: 5n, nanos: 750_000_000 },
      },
    ]);
  });

  it.each([
    ['no total, as the load script sends it', {}],
    ['no total of this shop', { shown_currency: 'USD', shown_total: '-1' }],
    ['no currency', { shown_currency: '', shown_total: '1.00' }],
    ['a total of zero', { shown_currency: 'USD', shown_total: '0' }],
  ])('expects no total for a form with %s', async (_what, hidden: Record<string, string>) => {
    expect((await buy(hidden)).status).toBe(303);
    expect(placed()).toEqual([expect.objectContaining({ expectedTotal: undefined })]);
  });

  it('shows the old and the new amount when the total has changed, and keeps the form, but not the card', async () => {
    const metadata = { currency: 'EUR', total: '11.49' };
    shop.fail(new DomainError('precondition', 'TOTAL_CHANGED', 'not the expected total', { metadata }), 'placeOrder');
    const page = await buy({ ...CARD, ...hiddenFieldsOn(await shopper.get('/cart')), city: 'Lisbon' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('The total was $22.98 when you opened this page, and is €11.49 now.');
    expect(page.text).toContain('Nothing was charged');
    expect(page.text).toContain('value="Lisbon"');
    expect(page.text).not.toMatch(CARD_TRACES);
  });

  it('states that the total has changed when checkout does not name the new one', async () => {
    refuse('TOTAL_CHANGED');
    const page = await buy(hiddenFieldsOn(await shopper.get('/cart')));
    expect(page.status).toBe(422);
    expect(page.text).toContain('The total has changed since you opened this page. Nothing was charged');
  });

  it.each([
    ['no key, as the load script sends it', {}],
    ['a tampered key', { cart_key: '<script>', attempt: '1' }],
    ['a tampered attempt', { cart_key: 'cart:v1', attempt: '-1' }],
  ])('sends no idempotency key for a form with %s', async (_what, hidden: Record<string, string>) => {
    expect((await buy(hidden)).status).toBe(303);
    expect(placed()).toEqual([expect.objectContaining({ idempotencyKey: undefined })]);
  });

  it('shows an invalid form again with a message per field and the typed text, but without the card', async () => {
    const page = await buy({ ...CARD, email: 'not-an-email', zip_code: '!', city: 'São Paulo "x"' });
    expect(page.status).toBe(422);
    expect(problemOf(page, 'email')).toContain('Enter an e-mail address');
    expect(problemOf(page, 'zip_code')).toContain('3 to 10 letters');
    expect(problemOf(page, 'city')).toBeUndefined();
    expect(page.text).toContain('value="not-an-email"');
    expect(page.text).toContain('value="São Paulo &quot;x&quot;"');
    expect(page.text).not.toMatch(CARD_TRACES);
    expect(page.text).not.toContain('4432801561520454');
    expect(placed()).toEqual([]);
  });

  it.each([
    ['CARD_DECLINED', 'credit_card_number', 'declined'],
    ['CARD_NUMBER_INVALID', 'credit_card_number', 'digits is wrong'],
    ['CARD_BRAND_NOT_ACCEPTED', 'credit_card_number', 'accept Visa and Mastercard'],
    ['CARD_EXPIRED', 'credit_card_expiration_year', 'expired'],
    ['CARD_EXPIRATION_INVALID', 'credit_card_expiration_year', 'expiry date'],
    ['CARD_CVV_INVALID', 'credit_card_cvv', 'digits on the card'],
    ['EMAIL_INVALID', 'email', 'Enter a valid e-mail address'],
  ])('shows the reason of a refused order next to its field: %s', async (reason, field, sentence) => {
    refuse(reason);
    const page = await buy(CARD);
    expect(page.status).toBe(422);
    expect(problemOf(page, field)).toContain(sentence);
    expect(page.text).not.toMatch(CARD_TRACES);
  });

  it.each([
    ['CART_EMPTY', 422, 'Your cart is empty'],
    ['CART_UNUSABLE', 422, 'cannot be ordered'],
    ['PRODUCT_GONE', 422, 'no longer available'],
    ['TOTAL_NOT_PAYABLE', 422, 'cannot be charged in this currency'],
    ['SHIPPING_REFUSED', 422, 'cannot ship to this address'],
    ['SOMETHING_NEW', 422, 'could not be placed'],
    ['constructor', 422, 'could not be placed'],
    ['SHIPPING_UNAVAILABLE', 503, 'any charge was refunded'],
    ['PAYMENT_UNAVAILABLE', 503, 'Nothing was charged'],
  ])('shows the reason of a refused order above the form: %s', async (reason, status, sentence) => {
    refuse(reason);
    const page = await buy();
    expect(page.status).toBe(status);
    expect(page.headers.get('retry-after')).toBe(status === 503 ? '5' : null);
    expect(page.text).toContain(sentence);
    expect(page.text).toContain('action="/cart/checkout"');
  });

  it('shows a message when the cart is empty', async () => {
    await shopper.post('/cart/empty');
    const page = await buy();
    expect(page.status).toBe(422);
    expect(page.text).toContain('Your cart is empty');
  });

  it('refuses an empty cart itself until checkoutservice has shown that it refuses empty carts', async () => {
    await using fresh = await startTestFrontend(shop);
    const other = newShopper(fresh.url);
    expect((await other.post('/cart/checkout', GOOD_FORM)).text).toContain('Your cart is empty');
    expect(placed()).toEqual([]);
    await other.post('/cart', { product_id: '6E92ZMYYFZ', quantity: '2' });
    expect((await other.post('/cart/checkout', GOOD_FORM)).status).toBe(303);
    expect((await other.post('/cart/checkout', GOOD_FORM)).text).toContain('Your cart is empty');
    expect(placed()).toHaveLength(2);
  });

  it('logs a refused order with its reason', async () => {
    refuse('CARD_DECLINED');
    await buy();
    expect(frontend.runtime.logs.lines).toContainEqual(
      expect.objectContaining({ msg: 'checkout refused', reason: 'CARD_DECLINED' }),
    );
  });

  describe('after a card was declined', () => {
    let again: Got;

    beforeEach(async () => {
      refuse('CARD_DECLINED');
      again = await buy(hiddenFieldsOn(await shopper.get('/cart')));
      unrefuse();
    });

    it('shows a form for the next attempt', async () => {
      expect(hiddenFieldsOn(again)).toMatchObject({ cart_key: 'cart:v1', attempt: '2' });
      expect((await buy(hiddenFieldsOn(again))).status).toBe(303);
      expect(placed().map(({ idempotencyKey }) => idempotencyKey)).toEqual(['cart:v1:1', 'cart:v1:2']);
    });

    it('keeps the next attempt when the form is then invalid', async () => {
      const slip = await buy({ ...hiddenFieldsOn(again), email: 'not-an-email' });
      expect(slip.status).toBe(422);
      expect(hiddenFieldsOn(slip)).toMatchObject({ cart_key: 'cart:v1', attempt: '2' });
    });

    it('shows a form for the next attempt on the cart page too', async () => {
      const fresh = await shopper.get('/cart');
      expect(hiddenFieldsOn(fresh)).toMatchObject({ cart_key: 'cart:v1', attempt: '2' });
    });

    it('starts a changed cart with its first attempt', async () => {
      await shopper.post('/cart', { product_id: '6E92ZMYYFZ', quantity: '1' });
      expect(hiddenFieldsOn(await shopper.get('/cart'))).toMatchObject({ cart_key: 'cart:v2', attempt: '1' });
    });

    it('increments the attempt again after a second decline', async () => {
      refuse('CARD_DECLINED');
      expect(hiddenFieldsOn(await buy(hiddenFieldsOn(again)))).toMatchObject({ cart_key: 'cart:v1', attempt: '3' });
    });
  });

  describe('an order that was in progress when it was placed', () => {
    const key = (): (string | undefined)[] => placed().map(({ idempotencyKey }) => idempotencyKey);
    let hidden: Record<string, string>;

    beforeEach(async () => {
      hidden = hiddenFieldsOn(await shopper.get('/cart'));
      shop.respondWith({
        placeOrder: async (order) => ({ order: orderOf(order, 'order-7', []), state: OrderState.PLACED }),
      });
      expect((await buy(hidden)).headers.get('location')).toBe('/order/order-7');
    });

    const setOrderState = (state: OrderState) =>
      shop.respondWith({
        getOrder: async () => wholeOrder(orderOf(placed()[0] as PlaceOrderRequest, 'order-7', []), state),
      });

    it('is not repeated after its rejection: the next click is the next attempt', async () => {
      setOrderState(OrderState.REJECTED);
      await buy(hidden);
      await buy(hidden);
      expect(key()).toEqual(['cart:v1:1', 'cart:v1:2', 'cart:v1:3']);
    });

    it.each([OrderState.PLACED, OrderState.REFUNDING])(
      'is returned to a second click while it is open: state %i',
      async (state) => {
        setOrderState(state);
        await buy(hidden);
        expect(key()).toEqual(['cart:v1:1', 'cart:v1:1']);
      },
    );

    it('is placed again with the same key while its state cannot be read', async () => {
      shop.fail(new DomainError('unavailable', 'CONVERSION_UNUSABLE', 'away'), 'getOrder');
      await buy(hidden);
      expect(key()).toEqual(['cart:v1:1', 'cart:v1:1']);
    });
  });

  it('redirects to an order in progress', async () => {
    shop.respondWith({
      placeOrder: async (request) => {
        const shippingCost = { currencyCode: 'USD', units: 5n, nanos: 0 };
        const order = {
          orderId: 'a/b c',
          shippingTrackingId: '',
          shippingCost,
          shippingAddress: request.address,
          items: [],
        };
        return { order, state: OrderState.PAID };
      },
    });
    expect((await buy()).headers.get('location')).toBe('/order/a%2Fb%20c');
  });

  it('writes no card data to the log, whatever the outcome', async () => {
    const outcomes = [
      () => unrefuse(),
      () => refuse('CARD_DECLINED'),
      () => shop.fail(new DomainError('unavailable', 'CONVERSION_UNUSABLE', 'away'), 'placeOrder'),
      () => shop.fail(new DomainError('not-found', 'ORDER_UNKNOWN', 'a bug'), 'placeOrder'),
      () => shop.respondWith({ placeOrder: async () => ({ order: undefined, state: undefined }) }),
    ];
    const statuses: number[] = [];
    for (const prepare of outcomes) {
      prepare();
      statuses.push((await buy(CARD)).status);
    }
    statuses.push((await buy({ ...CARD, email: 'not-an-email' })).status);
    expect(statuses).toEqual([303, 422, 503, 500, 503, 422]);
    const body = new URLSearchParams([...Object.entries({ ...GOOD_FORM, ...CARD }), ['email', 'twice@example.com']]);
    expect((await fetch(`${frontend.url}/cart/checkout`, { method: 'POST', body })).status).toBe(400);
    const { lines, text } = frontend.runtime.logs;
    await eventually('the last request is logged', () => lines.at(-1)?.status === 400);
    expect(text()).not.toMatch(CARD_TRACES);
    expect(text()).not.toMatch(/someone@example\.com|Amphitheatre/);
  });
});
