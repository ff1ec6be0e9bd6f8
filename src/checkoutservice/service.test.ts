import type { PlaceOrderRequest } from '../genproto/hipstershop/checkout.ts';
import { OrderState } from '../genproto/hipstershop/order.ts';
import { eventually } from '../lib/testing/eventually.ts';
import { failureOfCall } from '../lib/testing/test-client.ts';
import { TEST_START_MS } from '../lib/testing/test-runtime.ts';
import { ADDRESS, CARD, euros, type OpenCheckout, openCheckout, requestOf } from './checkout.testing.ts';
import { chargeKey, shipmentKey } from './saga/step-keys.ts';
import { DECLINED_CARD, FOUR_LINES } from './upstream-servers.testing.ts';

describe('the checkout service', () => {
  let shop: OpenCheckout;

  beforeAll(async () => {
    shop = await openCheckout();
  });

  afterAll(async () => {
    await shop[Symbol.asyncDispose]();
  });

  const place = (userId: string, change: Partial<PlaceOrderRequest> = {}) =>
    shop.checkout.placeOrder(requestOf(userId, change));

  it('returns the order that was bought', async () => {
    shop.record.carts.set('ann', [{ productId: 'mug', quantity: 3 }]);
    const { order, state } = await place('ann');
    expect(state).toBe(OrderState.CONFIRMED);
    expect(order).toEqual({
      orderId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      shippingTrackingId: expect.stringMatching(/^parcel-/),
      shippingCost: euros(4n),
      shippingAddress: ADDRESS,
      items: [{ item: { productId: 'mug', quantity: 3 }, cost: euros(4n, 500_000_000), productName: 'The mug' }],
      total: euros(17n, 500_000_000),
    });
  });

  it('derives the keys of charge and shipment from the user and the cart, and the key of the mail from the order', async () => {
    const { order } = await place('bob');
    const orderId = order?.orderId ?? '';
    const key = { userId: 'bob', idempotencyKey: 'cart:v1:1' };
    const charge = shop.record.charges.find(({ idempotencyKey }) => idempotencyKey === chargeKey(key));
    // (9 + 110 + 90 + 25 + 8) / 2
    expect(charge).toMatchObject({ amount: euros(121n), creditCard: CARD });
    const shipment = shop.record.shipments.find(({ idempotencyKey }) => idempotencyKey === shipmentKey(key));
    expect(shipment).toMatchObject({ address: ADDRESS, items: FOUR_LINES });
    expect(shop.record.emptied).toContainEqual({ userId: 'bob', ifVersion: 'v1' });
    const mail = () => shop.record.mails.find(({ idempotencyKey }) => idempotencyKey === `${orderId}:confirmation`);
    await eventually('the mail is sent', () => mail() !== undefined);
    expect(mail()).toMatchObject({ email: 'ann@example.com', order });
  });

  it('returns FAILED_PRECONDITION with the order id and the reason for a rejected order', async () => {
    const failed = place('cat', { creditCard: { ...CARD, creditCardNumber: DECLINED_CARD } });
    const error: unknown = await failed.catch((cause: unknown) => cause);
    expect(await failureOfCall(failed)).toBe('FAILED_PRECONDITION CARD_EXPIRED');
    const { order_id: orderId = '' } = (error as { metadata: Record<string, string> }).metadata;
    const stored = await shop.checkout.getOrder({ userId: 'cat', orderId });
    expect(stored).toMatchObject({ state: OrderState.REJECTED, result: { orderId, shippingTrackingId: '' } });
    expect(stored.history.map(({ state, reason }) => [state, reason])).toEqual([
      [OrderState.PLACED, ''],
      [OrderState.REJECTED, 'CARD_EXPIRED'],
    ]);
  });

  it('returns the same order for the same key', async () => {
    const before = shop.record.charges.length;
    const first = await place('dan', { idempotencyKey: 'key' });
    expect(await place('dan', { idempotencyKey: 'key' })).toEqual(first);
    expect(shop.record.charges).toHaveLength(before + 1);
  });

  it('returns an order with its history to its user', async () => {
    const { order } = await place('eve');
    const time = { seconds: BigInt(TEST_START_MS / 1000), nanos: 0 };
    expect(await shop.checkout.getOrder({ userId: 'eve', orderId: order?.orderId ?? '' })).toEqual({
      result: order,
      state: OrderState.CONFIRMED,
      total: euros(121n),
      placeTime: time,
      updateTime: time,
      history: ['PLACED', 'PAID', 'SHIPPED', 'CONFIRMED'].map((state) => ({
        state: OrderState[state as keyof typeof OrderState],
        time,
        reason: '',
      })),
      currencyCode: 'EUR',
      events: ['placed', 'charged', 'shipped', 'confirmed'].map((type, index) => ({
        number: index + 1,
        time,
        type,
        reason: '',
        data: [],
      })),
    });
  });

  it('returns the events of an order to operators, with personal data masked', async () => {
    const { order } = await place('eva');
    const orderId = order?.orderId ?? '';
    const { events } = await shop.checkout.getOrderEvents({ orderId });
    expect(events.map(({ type }) => type)).toEqual(['placed', 'charged', 'shipped', 'confirmed']);
    expect(events[0]?.data).toEqual([
      { name: 'userId', value: 'eva' },
      { name: 'email', value: '***' },
      { name: 'address', value: '***, United States' },
      { name: 'lines', value: expect.stringContaining(' x ') },
      { name: 'shippingCost', value: expect.stringMatching(/ EUR$/) },
      { name: 'total', value: '121.00 EUR' },
    ]);
    expect(events[2]?.data).toEqual([{ name: 'trackingId', value: order?.shippingTrackingId }]);
    expect(await failureOfCall(shop.checkout.getOrderEvents({ orderId: 'no-such-order' }))).toBe(
      'NOT_FOUND ORDER_UNKNOWN',
    );
  });

  it('returns NOT_FOUND for an order of another user and for an unknown order', async () => {
    const { order } = await place('fay');
    const get = (userId: string, orderId: string) => failureOfCall(shop.checkout.getOrder({ userId, orderId }));
    expect(await get('fay', order?.orderId ?? '')).toBe('OK');
    expect(await get('gus', order?.orderId ?? '')).toBe('NOT_FOUND ORDER_UNKNOWN');
    expect(await get('fay', 'no-such-order')).toBe('NOT_FOUND ORDER_UNKNOWN');
    expect(await get('fay', '')).toBe('INVALID_ARGUMENT ORDER_ID_INVALID');
    expect(await get('', order?.orderId ?? '')).toBe('INVALID_ARGUMENT USER_ID_INVALID');
  });

  it('returns an order by its idempotency key, to its user only', async () => {
    const { order } = await place('hal', { idempotencyKey: 'key of hal' });
    const ofKey = async (userId: string, idempotencyKey: string) =>
      await shop.checkout.getOrder({ userId, orderId: '', idempotencyKey });
    expect((await ofKey('hal', 'key of hal')).result).toEqual(order);
    expect(await failureOfCall(ofKey('ida', 'key of hal'))).toBe('NOT_FOUND ORDER_UNKNOWN');
    expect(await failureOfCall(ofKey('hal', 'another key'))).toBe('NOT_FOUND ORDER_UNKNOWN');
    expect(await failureOfCall(ofKey('hal', 'x'.repeat(129)))).toBe('INVALID_ARGUMENT IDEMPOTENCY_KEY_INVALID');
  });

  const address = (change: Partial<typeof ADDRESS>) => ({ address: { ...ADDRESS, ...change } });
  const card = (change: Partial<typeof CARD>) => ({ creditCard: { ...CARD, ...change } });

  it.each<[string, Partial<PlaceOrderRequest>, string]>([
    ['no user', { userId: '' }, 'USER_ID_INVALID'],
    ['a user id of 129 characters', { userId: 'x'.repeat(129) }, 'USER_ID_INVALID'],
    ['no currency', { userCurrency: '' }, 'USER_CURRENCY_INVALID'],
    ['a malformed currency', { userCurrency: 'eur' }, 'USER_CURRENCY_INVALID'],
    ['an unknown currency', { userCurrency: 'AED' }, 'USER_CURRENCY_INVALID'],
    ['no address', { address: undefined }, 'ADDRESS_INVALID'],
    ['no street', address({ streetAddress: '' }), 'ADDRESS_STREET_ADDRESS_INVALID'],
    ['a street of 513 characters', address({ streetAddress: 'x'.repeat(513) }), 'ADDRESS_STREET_ADDRESS_INVALID'],
    ['control characters', address({ streetAddress: 'a\u0000b' }), 'ADDRESS_STREET_ADDRESS_INVALID'],
    ['no city', address({ city: '' }), 'ADDRESS_CITY_INVALID'],
    ['a city of 129 characters', address({ city: 'x'.repeat(129) }), 'ADDRESS_CITY_INVALID'],
    ['a state of 129 characters', address({ state: 'x'.repeat(129) }), 'ADDRESS_STATE_INVALID'],
    ['no country', address({ country: '' }), 'ADDRESS_COUNTRY_INVALID'],
    ['a country of 129 characters', address({ country: 'x'.repeat(129) }), 'ADDRESS_COUNTRY_INVALID'],
    ['a negative zip code', address({ zipCode: -1 }), 'ADDRESS_ZIP_CODE_INVALID'],
    ['a postal code of 11 characters', address({ postalCode: '12345678901' }), 'ADDRESS_POSTAL_CODE_INVALID'],
    ['no email', { email: '' }, 'EMAIL_INVALID'],
    ['an email without @', { email: 'ann.example.com' }, 'EMAIL_INVALID'],
    ['an email that no mail can be sent to', { email: '"ann"@example.com' }, 'EMAIL_INVALID'],
    ['an email with a line break', { email: 'ann@example.com\nBcc: eve@example.com' }, 'EMAIL_INVALID'],
    ['an email of 255 characters', { email: `${'x'.repeat(245)}@a.example` }, 'EMAIL_INVALID'],
    ['no card', { creditCard: undefined }, 'CREDIT_CARD_INVALID'],
    ['no card number', card({ creditCardNumber: '' }), 'CARD_NUMBER_INVALID'],
    ['a card number of 11 digits', card({ creditCardNumber: '79927398713' }), 'CARD_NUMBER_INVALID'],
    ['a card number of 41 characters', card({ creditCardNumber: '4'.repeat(41) }), 'CARD_NUMBER_INVALID'],
    ['letters in a card number', card({ creditCardNumber: '4432x801561520454' }), 'CARD_NUMBER_INVALID'],
    ['a wrong check digit', card({ creditCardNumber: '4432801561520455' }), 'CARD_NUMBER_INVALID'],
    ['a CVV of 0', card({ creditCardCvv: 0 }), 'CARD_CVV_INVALID'],
    ['month 0', card({ creditCardExpirationMonth: 0 }), 'CARD_EXPIRATION_INVALID'],
    ['month 13', card({ creditCardExpirationMonth: 13 }), 'CARD_EXPIRATION_INVALID'],
    ['year 0', card({ creditCardExpirationYear: 0 }), 'CARD_EXPIRATION_INVALID'],
    ['no amount as the expected total', { expectedTotal: euros(0n) }, 'EXPECTED_TOTAL_INVALID'],
    ['an empty key', { idempotencyKey: '' }, 'IDEMPOTENCY_KEY_INVALID'],
    ['a key of 129 characters', { idempotencyKey: 'x'.repeat(129) }, 'IDEMPOTENCY_KEY_INVALID'],
  ])('refuses %s and charges nothing', async (_what, change, reason) => {
    const before = shop.record.charges.length;
    expect(await failureOfCall(place('joe', change))).toBe(`INVALID_ARGUMENT ${reason}`);
    expect(shop.record.charges).toHaveLength(before);
    expect((await shop.checkout.listOrders({ userId: 'joe', pageSize: 0, pageToken: '' })).orders).toEqual([]);
  });

  it.each<[string, { productId: string; quantity: number }[], Partial<PlaceOrderRequest>, string]>([
    ['an empty cart', [], {}, 'CART_EMPTY'],
    ['a product that is no longer sold', [{ productId: 'hat', quantity: 1 }], {}, 'PRODUCT_GONE'],
    ['goods to an address that is not shipped to', FOUR_LINES, address({ country: 'Atlantis' }), 'SHIPPING_REFUSED'],
  ])('refuses %s', async (_what, cart, change, reason) => {
    shop.record.carts.set('kim', cart);
    expect(await failureOfCall(place('kim', change))).toBe(`FAILED_PRECONDITION ${reason}`);
  });

  it('logs business events without personal data', async () => {
    await place('lea');
    await place('max', card({ creditCardNumber: DECLINED_CARD })).catch(() => {});
    expect(shop.runtime.logs.lines).toContainEqual(
      expect.objectContaining({ msg: 'order placed', currency: 'EUR', total: '121.00', lines: 4 }),
    );
    expect(shop.runtime.logs.lines).toContainEqual(
      expect.objectContaining({ msg: 'order state changed', orderState: 'CONFIRMED' }),
    );
    for (const secret of [CARD.creditCardNumber, DECLINED_CARD, 'ann@example.com', 'Amphitheatre', 'lea']) {
      expect(shop.runtime.logs.text()).not.toContain(secret);
    }
  });
});
