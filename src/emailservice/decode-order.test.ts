import type { OrderResult } from '../genproto/hipstershop/order.ts';
import { decodeOrder } from './decode-order.ts';

const eur = (units: bigint) => ({ currencyCode: 'EUR', units, nanos: 0 });
const order: OrderResult = {
  orderId: 'order',
  shippingTrackingId: '',
  shippingCost: eur(4n),
  shippingAddress: undefined,
  items: [{ item: { productId: 'mug', quantity: 3 }, cost: eur(9n) }],
};

describe('the total of a mailed order', () => {
  it('is the total of the order', () => {
    expect(decodeOrder({ ...order, total: eur(30n) }).total).toEqual({ currency: 'EUR', nanos: 30_000_000_000n });
  });

  it('is the sum of the lines plus shipping when the order has none', () => {
    expect(decodeOrder(order).total).toEqual({ currency: 'EUR', nanos: 31_000_000_000n });
  });

  it.each([
    ['negative', eur(-1n)],
    ['in another currency than shipping', { ...eur(31n), currencyCode: 'USD' }],
  ])('is refused when it is %s', (_what, total) => {
    expect(() => decodeOrder({ ...order, total })).toThrow(expect.objectContaining({ reason: 'ORDER_TOTAL_INVALID' }));
  });
});
