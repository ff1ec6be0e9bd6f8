import { status } from '@grpc/grpc-js';
import type { CheckoutServiceDefinition } from '../../genproto/hipstershop/checkout.ts';
import { OrderState } from '../../genproto/hipstershop/order.ts';
import type { UpstreamCalls } from '../../lib/grpc/client.ts';
import { FALLBACK_MEMORY_MS } from '../../lib/grpc/fallback.ts';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';
import { testCall } from '../../lib/testing/test-client.ts';
import { type OrderToPlace, orderClient } from './order-client.ts';

const request: OrderToPlace = {
  userId: 'ann',
  currency: 'USD',
  email: 'ann@example.com',
  address: { streetAddress: '1 Main Street', city: 'Lisbon', state: '', country: 'Portugal', postalCode: '1000-205' },
  card: { number: '4432801561520454', cvv: 672, expirationYear: 2030, expirationMonth: 1 },
  idempotencyKey: undefined,
  expectedTotal: undefined,
};
const failure = (code: number, reason?: string, details = '') =>
  new UpstreamError({ upstream: 'checkoutservice', rpc: 'PlaceOrder', code, details, reason });
const unsent = (code: number) =>
  new UpstreamError({ upstream: 'checkoutservice', rpc: 'PlaceOrder', code, details: '', isUnsent: true });
const fail = (): never => {
  throw new Error('no outcome left');
};

function clientOf(calls: Partial<UpstreamCalls<CheckoutServiceDefinition>>, now = () => 0) {
  return orderClient(calls as UpstreamCalls<CheckoutServiceDefinition>, now);
}

describe('orderClient.place', () => {
  const place = async (error: Error) => {
    using call = testCall();
    return await clientOf({ placeOrder: () => Promise.reject(error) }).place(request, call);
  };

  it.each([
    ['a reason of the contract', failure(status.FAILED_PRECONDITION, 'CARD_EXPIRED'), 'CARD_EXPIRED'],
    ['a malformed request', failure(status.INVALID_ARGUMENT, 'EMAIL_INVALID'), 'EMAIL_INVALID'],
    ['code 400 of Online Boutique’s payment service', failure(400), 'CARD_DECLINED'],
    ['no reason', failure(status.FAILED_PRECONDITION), 'UNKNOWN'],
  ])('returns a refusal for %s', async (_what, error, reason) => {
    expect(await place(error)).toEqual({ kind: 'refused', reason });
  });

  it.each([
    ['Credit card info is invalid', 'CARD_NUMBER_INVALID'],
    ['Sorry, we cannot process amex credit cards. Only VISA or MasterCard is accepted.', 'CARD_BRAND_NOT_ACCEPTED'],
    ['Your credit card (ending 0454) expired on 1/2020', 'CARD_EXPIRED'],
  ])('returns a refusal for the decline text of Online Boutique: %s', async (text, reason) => {
    const details = `failed to charge card: could not charge the card: rpc error: code = Code(400) desc = ${text}`;
    expect(await place(failure(status.INTERNAL, undefined, details))).toEqual({ kind: 'refused', reason });
  });

  it.each([
    ['an UNAVAILABLE that names a reason', failure(status.UNAVAILABLE, 'UPSTREAM_UNAVAILABLE')],
    ['a call that found no connection', unsent(status.UNAVAILABLE)],
    ['a call without enough time left', unsent(status.DEADLINE_EXCEEDED)],
    ['RESOURCE_EXHAUSTED', failure(status.RESOURCE_EXHAUSTED)],
    ['UNIMPLEMENTED', failure(status.UNIMPLEMENTED)],
    ['PERMISSION_DENIED', failure(status.PERMISSION_DENIED)],
  ])('returns that nothing was charged for %s', async (_what, error) => {
    expect(await place(error)).toEqual({ kind: 'not-placed', cause: error });
  });

  it.each([
    ['an UNAVAILABLE without a reason', failure(status.UNAVAILABLE)],
    [
      'Online Boutique’s failed shipment',
      failure(status.UNAVAILABLE, undefined, 'shipping error: No connection established'),
    ],
    ['DEADLINE_EXCEEDED', failure(status.DEADLINE_EXCEEDED)],
    ['CANCELLED', failure(status.CANCELLED)],
    ['INTERNAL', failure(status.INTERNAL)],
    ['INTERNAL with a reason', failure(status.INTERNAL, 'INTERNAL', 'Credit card info is invalid')],
    ['UNKNOWN', failure(status.UNKNOWN)],
    ['ABORTED', failure(status.ABORTED, 'ORDER_CHANGED')],
  ])('returns that the card may have been charged for %s', async (_what, error) => {
    expect(await place(error)).toEqual({ kind: 'unknown', cause: error });
  });

  it('throws a failure that can only be a bug', async () => {
    await expect(place(failure(status.NOT_FOUND))).rejects.toMatchObject({ code: status.NOT_FOUND });
  });
});

describe('orderClient.refusesEmptyCarts', () => {
  it('is true after an order state or a reason, and false after an order without a state', async () => {
    const order = {
      orderId: 'o',
      shippingTrackingId: '',
      items: [],
      shippingCost: undefined,
      shippingAddress: undefined,
    };
    const outcomes = [
      async () => ({ order, state: OrderState.PLACED }),
      async () => ({ order, state: undefined }),
      () => Promise.reject(failure(status.FAILED_PRECONDITION, 'CART_EMPTY')),
      async () => ({ order, state: undefined }),
      () => Promise.reject(failure(status.UNAVAILABLE)),
    ];
    const client = clientOf({ placeOrder: () => (outcomes.shift() ?? fail)() });
    using call = testCall();
    const seen = [client.refusesEmptyCarts()];
    while (outcomes.length > 0) {
      await client.place(request, call);
      seen.push(client.refusesEmptyCarts());
    }
    expect(seen).toEqual([false, true, false, true, false, false]);
  });
});

describe('orderClient.find', () => {
  it('returns the last thousand orders, per user, when checkout has no GetOrder', async () => {
    let placed = 0;
    const lacking = failure(status.UNIMPLEMENTED);
    const client = clientOf({
      placeOrder: async () => {
        placed += 1;
        const result = { orderId: `order-${placed}`, shippingTrackingId: '', items: [] };
        const shippingCost = { currencyCode: 'USD', units: 5n, nanos: 0 };
        return { order: { ...result, shippingCost, shippingAddress: undefined }, state: undefined };
      },
      getOrder: () => Promise.reject(lacking),
    });
    using call = testCall();
    for (let i = 0; i < 1001; i += 1) await client.place(request, call);
    expect(await client.find('ann', 'order-1', call)).toBeUndefined();
    expect(await client.find('ann', 'order-2', call)).toMatchObject({ orderId: 'order-2', state: 'CONFIRMED' });
    expect(await client.find('ann', 'order-1001', call)).toBeDefined();
    expect(await client.find('bob', 'order-1001', call)).toBeUndefined();
  });

  it('calls GetOrder once a minute when checkout does not implement it', async () => {
    let now = 0;
    let asked = 0;
    const getOrder = () => {
      asked += 1;
      return Promise.reject(failure(status.UNIMPLEMENTED));
    };
    const client = clientOf({ getOrder }, () => now);
    using call = testCall();
    await client.find('ann', 'order-1', call);
    await client.find('ann', 'order-1', call);
    expect(asked).toBe(1);
    now = FALLBACK_MEMORY_MS;
    await client.find('ann', 'order-1', call);
    expect(asked).toBe(2);
  });

  it('throws on an outage instead of returning undefined', async () => {
    using call = testCall();
    const client = clientOf({ getOrder: () => Promise.reject(failure(status.UNAVAILABLE)) });
    await expect(client.find('ann', 'order-1', call)).rejects.toThrow(UpstreamError);
  });
});

describe('orderClient.list', () => {
  it('returns the remembered orders of the user, newest first, when checkoutservice keeps none', async () => {
    const usd = (units: bigint) => ({ currencyCode: 'USD', units, nanos: 0 });
    let count = 0;
    const client = clientOf({
      placeOrder: async () => {
        count += 1;
        const order = { orderId: `order-${count}`, shippingTrackingId: '', shippingCost: usd(1n), items: [] };
        return { order: { ...order, shippingAddress: undefined }, state: undefined };
      },
      listOrders: () => Promise.reject(failure(status.UNIMPLEMENTED)),
    });
    using call = testCall();
    await client.place(request, call);
    await client.place({ ...request, userId: 'ben' }, call);
    await client.place(request, call);
    const found = await client.list('ann', '', call);
    expect(found?.orders.map(({ orderId }) => orderId)).toEqual(['order-3', 'order-1']);
    expect(found?.nextPageToken).toBe('');
  });
});
