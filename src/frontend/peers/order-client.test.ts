import { status } from '@grpc/grpc-js';
import { type CheckoutServiceService, PlaceOrderRequest } from '../../genproto/hipstershop/checkout.ts';
import type { PeerCalls } from '../../lib/grpc/client.ts';
import { FALLBACK_MEMORY_MS } from '../../lib/grpc/fallback.ts';
import { PeerError } from '../../lib/grpc/peer-error.ts';
import { testCall } from '../../lib/testing/test-client.ts';
import { orderClient } from './order-client.ts';

const request = PlaceOrderRequest.fromPartial({ userId: 'ann', userCurrency: 'USD' });
const failure = (code: number, reason?: string) =>
  new PeerError({ peer: 'checkoutservice', rpc: 'PlaceOrder', code, details: '', reason });

function clientOf(calls: Partial<PeerCalls<CheckoutServiceService>>, now = () => 0) {
  return orderClient(calls as PeerCalls<CheckoutServiceService>, now);
}

describe('placing an order', () => {
  const place = async (error: Error) => {
    using call = testCall();
    return await clientOf({ placeOrder: () => Promise.reject(error) }).place(request, call);
  };

  it.each([
    ['a reason of ours', failure(status.FAILED_PRECONDITION, 'CARD_EXPIRED'), 'CARD_EXPIRED'],
    ['a request that is wrong', failure(status.INVALID_ARGUMENT, 'EMAIL_INVALID'), 'EMAIL_INVALID'],
    ['the original’s own number for a declined card', failure(400), 'CARD_DECLINED'],
    ['no reason', failure(status.FAILED_PRECONDITION), 'UNKNOWN'],
  ])('is refused with %s', async (_what, error, reason) => {
    expect(await place(error)).toEqual({ kind: 'refused', reason });
  });

  it.each(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'CANCELLED', 'INTERNAL', 'UNKNOWN'] as const)(
    'has an unknown end with %s',
    async (code) => {
      const error = failure(status[code]);
      expect(await place(error)).toEqual({ kind: 'unanswered', cause: error });
    },
  );

  it.each(['RESOURCE_EXHAUSTED', 'UNIMPLEMENTED', 'NOT_FOUND', 'PERMISSION_DENIED'] as const)(
    'did not begin with %s',
    async (code) => {
      await expect(place(failure(status[code]))).rejects.toMatchObject({ code: status[code] });
    },
  );
});

describe('finding an order', () => {
  it('remembers the last thousand of a checkout that keeps none, each for its user', async () => {
    let placed = 0;
    const lacking = failure(status.UNIMPLEMENTED);
    const client = clientOf({
      placeOrder: async () => {
        placed += 1;
        const result = { orderId: `order-${placed}`, shippingTrackingId: '', items: [] };
        return { order: { ...result, shippingCost: undefined, shippingAddress: undefined }, state: undefined };
      },
      getOrder: () => Promise.reject(lacking),
    });
    using call = testCall();
    for (let i = 0; i < 1001; i += 1) await client.place(request, call);
    expect(await client.find('ann', 'order-1', call)).toBeUndefined();
    expect(await client.find('ann', 'order-2', call)).toMatchObject({ result: { orderId: 'order-2' } });
    expect(await client.find('ann', 'order-1001', call)).toBeDefined();
    expect(await client.find('bob', 'order-1001', call)).toBeUndefined();
  });

  it('asks a checkout that lacks GetOrder once a minute', async () => {
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

  it('does not take an outage for an order that is not there', async () => {
    using call = testCall();
    const client = clientOf({ getOrder: () => Promise.reject(failure(status.UNAVAILABLE)) });
    await expect(client.find('ann', 'order-1', call)).rejects.toThrow(PeerError);
  });
});
