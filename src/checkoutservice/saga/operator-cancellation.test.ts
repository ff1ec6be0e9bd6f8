import { testCall } from '../../lib/testing/test-client.ts';
import { fakePayment } from './fake-payment.testing.ts';
import { COMMAND, openShop, openWorld } from './shop.testing.ts';
import { chargeKey } from './step-keys.ts';

describe('an order that an operator cancels while its charge is unknown', () => {
  const cancelled = async (result: 'lost-before' | 'lost-after', isTold: boolean) => {
    const keys = { keepsKeys: false };
    const world = openWorld();
    const shop = openShop({ world: { ...world, payment: fakePayment(world.calls, keys) } });
    shop.calls.plan('charge', result);
    const order = await shop.place();
    expect(order).toMatchObject({ state: 'PLACED', needsIntervention: true });
    keys.keepsKeys = isTold;
    await shop.memory.append(order, { type: 'refund-requested', by: 'olga', why: 'test', timeMs: shop.now() }, []);
    await shop.memory.release(order.purchase.orderId);
    await shop.sweepUntilQuiet();
    return { shop, order: await shop.find(order) };
  };

  it('is refunded when payment finds its charge, and is never shipped', async () => {
    const { shop, order } = await cancelled('lost-after', true);
    expect(order).toMatchObject({ state: 'REJECTED', reason: 'ORDER_CANCELLED', needsIntervention: false });
    expect(shop.payment.charges).toHaveLength(1);
    expect(shop.keptFor(order)).toBe(0n);
    expect(shop.calls.made).not.toContain('ship');
    expect([...shop.email.sent]).toEqual([`cancellation ${order.purchase.orderId}`]);
  });

  it('is rejected when payment finds no charge, and a late charge with its key is refused', async () => {
    const { shop, order } = await cancelled('lost-before', true);
    expect(order).toMatchObject({ state: 'REJECTED', reason: 'PAYMENT_UNAVAILABLE' });
    using call = testCall();
    const late = { amount: order.purchase.total, card: COMMAND.card, idempotencyKey: chargeKey(order.purchase) };
    expect(await shop.payment.charge(late, call)).toMatchObject({ kind: 'conflict' });
    expect(shop.payment.charges).toEqual([]);
  });

  it('needs manual intervention again when payment cannot tell', async () => {
    const { order } = await cancelled('lost-after', false);
    expect(order).toMatchObject({ state: 'PLACED', needsIntervention: true, reason: 'PAYMENT_UNKNOWN' });
  });
});
