import fc from 'fast-check';
import { evolve, nextStep, type Order, type OrderEvent, placedOrder } from './order.ts';

const amount = { currency: 'EUR', nanos: 1_000_000_000n };
const placed = placedOrder(
  {
    orderId: 'order',
    userId: 'ann',
    idempotencyKey: 'key',
    email: 'ann@example.com',
    address: { streetAddress: 'Rue 1', city: 'Lyon', state: '', country: 'France', zipCode: 0, postalCode: undefined },
    currency: 'EUR',
    lines: [],
    shippingCost: amount,
    total: amount,
    cartVersion: undefined,
  },
  1,
);

type Body = OrderEvent extends infer E ? (E extends OrderEvent ? Omit<E, 'timeMs'> : never) : never;

const charged: Body = { type: 'charged', transactionId: 'tx' };
const rejected: Body = { type: 'rejected', reason: 'CARD_DECLINED' };
const odd: Body = { type: 'needs-person', reason: 'PAYMENT_UNKNOWN' };
const shipped: Body = { type: 'shipped', trackingId: 'parcel' };
const confirmed: Body = { type: 'confirmed' };
const refunded: Body = { type: 'refunded', refundId: 'refund' };
const cancelled: Body = { type: 'shipment-cancelled' };
const refundStarted = (shipmentUncertain: boolean): Body => ({
  type: 'refund-started',
  reason: 'SHIPPING_UNAVAILABLE',
  shipmentUncertain,
});
const ENDS = [confirmed, rejected, refunded, cancelled];
const EVENTS = [charged, odd, shipped, refundStarted(true), refundStarted(false), ...ENDS];

const orderOf = (...bodies: readonly Body[]): Order =>
  bodies.reduce((order, body, index) => evolve(order, { ...body, timeMs: index + 2 }), placed);
const canHappen = (order: Order, body: Body): boolean => {
  try {
    evolve(order, { ...body, timeMs: 9 });
    return true;
  } catch {
    return false;
  }
};
const isAtEnd = (order: Order): boolean => order.state === 'CONFIRMED' || order.state === 'REJECTED';

/** Any legal life of an order: at each point, any of the events that can happen. */
const anyLife = fc.array(fc.nat(), { minLength: 8, maxLength: 12 }).map((choices) => {
  const life = [placed];
  for (const choice of choices) {
    const last = life.at(-1) ?? placed;
    const possible = EVENTS.filter((body) => canHappen(last, body));
    const body = possible[choice % possible.length];
    if (body !== undefined) life.push(evolve(last, { ...body, timeMs: life.length + 1 }));
  }
  return life;
});

describe('an order', () => {
  it.each([
    ['goes as it should', [charged, shipped, confirmed], ['PLACED', 'PAID', 'SHIPPED', 'CONFIRMED']],
    ['is declined', [rejected], ['PLACED', 'REJECTED']],
    ['is refunded', [charged, refundStarted(false), refunded], ['PLACED', 'PAID', 'REFUNDING', 'REJECTED']],
    [
      'is refunded and called back',
      [charged, refundStarted(true), refunded, cancelled],
      ['PLACED', 'PAID', 'REFUNDING', 'REJECTED'],
    ],
    [
      'is called back and refunded',
      [charged, refundStarted(true), cancelled, refunded],
      ['PLACED', 'PAID', 'REFUNDING', 'REJECTED'],
    ],
    ['is brought further by a person', [odd, charged, shipped], ['PLACED', 'PLACED', 'PAID', 'SHIPPED']],
  ])('that %s has its history', (_what, bodies, states) => {
    expect(orderOf(...bodies).history.map(({ state }) => state)).toEqual(states);
  });

  it('says why it failed, in its history too', () => {
    const order = orderOf(charged, refundStarted(false), refunded);
    expect(order.reason).toBe('SHIPPING_UNAVAILABLE');
    expect(order.history.map(({ reason }) => reason)).toEqual(['', '', 'SHIPPING_UNAVAILABLE', 'SHIPPING_UNAVAILABLE']);
  });

  it('has no reason once a person has found it to be paid', () => {
    expect(orderOf(odd)).toMatchObject({ state: 'PLACED', needsPerson: true, reason: 'PAYMENT_UNKNOWN' });
    expect(orderOf(odd, charged)).toMatchObject({ state: 'PAID', needsPerson: false, reason: '' });
  });

  it('is not rejected before all is undone', () => {
    expect(orderOf(charged, refundStarted(true), refunded)).toMatchObject({
      state: 'REFUNDING',
      open: { refund: false, shipment: true },
    });
    expect(orderOf(charged, refundStarted(true), cancelled)).toMatchObject({
      state: 'REFUNDING',
      open: { refund: true, shipment: false },
    });
  });

  it.each([
    ['rejected with its money kept', [charged], rejected],
    ['confirmed before it is shipped', [charged], confirmed],
    ['shipped before it is paid', [], shipped],
    ['shipped while its money goes back', [charged, refundStarted(false)], shipped],
    ['charged twice', [charged], charged],
    ['charged after its end', [rejected], charged],
    ['refunded twice', [charged, refundStarted(true), refunded], refunded],
    ['called back though it never left', [charged, refundStarted(false)], cancelled],
    ['refunded once it is shipped', [charged, shipped], refundStarted(false)],
  ])('is never %s', (_what, life, body) => {
    expect(canHappen(orderOf(...life), body)).toBe(false);
  });

  it('is placed once', () => {
    expect(() => evolve(placed, { type: 'placed', purchase: placed.purchase, timeMs: 2 })).toThrow();
  });

  it('has a next step exactly while it is not at its end and needs no person', () => {
    expect(nextStep(placed)).toBe('charge');
    expect(nextStep(orderOf(charged))).toBe('ship');
    expect(nextStep(orderOf(charged, shipped))).toBe('confirm');
    expect(nextStep(orderOf(charged, refundStarted(true), refunded))).toBe('compensate');
    expect(nextStep(orderOf(odd))).toBeUndefined();
    fc.assert(
      fc.property(anyLife, (life) => {
        for (const order of life) expect(nextStep(order) === undefined).toBe(isAtEnd(order) || order.needsPerson);
      }),
    );
  });

  it('comes to an end, whatever happens to it', () => {
    const ends = new Set<string>();
    fc.assert(
      fc.property(anyLife, (life) => {
        const last = life.at(-1) ?? placed;
        // A person may be called again and again; anybody else is done after six events.
        fc.pre(!last.needsPerson && life.filter(({ needsPerson }) => needsPerson).length < 3);
        expect(isAtEnd(last)).toBe(true);
        ends.add(last.state);
      }),
    );
    expect([...ends].sort()).toEqual(['CONFIRMED', 'REJECTED']);
  });

  it('counts its events, and its history only grows', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        life.forEach((order, index) => {
          expect(order.version).toBe(index + 1);
          const before = life[index - 1]?.history ?? [];
          expect(order.history.slice(0, before.length)).toEqual(before);
          expect(order.history.at(-1)?.state).toBe(order.state);
        });
      }),
    );
  });

  it('never keeps money for nothing at its end', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        const last = life.at(-1) ?? placed;
        fc.pre(last.state === 'REJECTED');
        expect(last.open).toEqual({ refund: false, shipment: false });
        const wasRefunded = life.some(({ state }) => state === 'REFUNDING');
        expect(last.transactionId !== undefined).toBe(wasRefunded);
      }),
    );
  });
});
