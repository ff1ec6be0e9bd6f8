import fc from 'fast-check';
import { evolve, freesKey, nextStep, type Order, type OrderEvent, PAYMENT_UNREACHABLE, placedOrder } from './order.ts';

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
const unknownCharge: Body = { type: 'intervention-needed', reason: 'PAYMENT_UNKNOWN' };
const shipped: Body = { type: 'shipped', trackingId: 'parcel' };
const confirmed: Body = { type: 'confirmed' };
const refunded: Body = { type: 'refunded', refundId: 'refund' };
const cancelled: Body = { type: 'shipment-cancelled' };
const refundStarted: Body = { type: 'refund-started', reason: 'SHIPPING_UNAVAILABLE' };
const earlierCharge: Body = {
  type: 'earlier-charge-found',
  transactionId: 'earlier',
  amount: { currency: 'USD', nanos: 5n },
  reason: 'EARLIER_ATTEMPT_CANCELLED',
};
const refused = (compensation: 'refund' | 'shipment'): Body => ({
  type: 'intervention-needed',
  reason: 'REFUND_REFUSED',
  compensation,
});
const operator = { by: 'olga', why: 'asked by the shopper' };
const retryRequested: Body = { type: 'retry-requested', ...operator };
const refundRequested: Body = { type: 'refund-requested', ...operator };
const settled: Body = { type: 'charge-settled', ...operator };
const ENDS = [confirmed, rejected, refunded, cancelled];
const EVENTS = [
  charged,
  unknownCharge,
  shipped,
  refundStarted,
  earlierCharge,
  refused('refund'),
  refused('shipment'),
  retryRequested,
  refundRequested,
  settled,
  ...ENDS,
];

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
const isFinal = (order: Order): boolean => order.state === 'CONFIRMED' || order.state === 'REJECTED';

/** The states of an order after each event of any sequence of events that can happen, until its first final state. */
const anyLife = fc.array(fc.nat(), { minLength: 14, maxLength: 18 }).map((choices) => {
  const life = [placed];
  for (const choice of choices) {
    const last = life.at(-1) ?? placed;
    const possible = EVENTS.filter((body) => !isFinal(last) && canHappen(last, body));
    const body = possible[choice % possible.length];
    if (body !== undefined) life.push(evolve(last, { ...body, timeMs: life.length + 1 }));
  }
  return life;
});

const COMPENSATED = ['PLACED', 'PAID', 'REFUNDING', 'REJECTED'];

describe('an order', () => {
  it.each([
    ['is confirmed', [charged, shipped, confirmed], ['PLACED', 'PAID', 'SHIPPED', 'CONFIRMED']],
    ['is declined', [rejected], ['PLACED', 'REJECTED']],
    ['is refunded first', [charged, refundStarted, refunded, cancelled], COMPENSATED],
    ['has its shipment cancelled first', [charged, refundStarted, cancelled, refunded], COMPENSATED],
    ['finds an earlier charge', [earlierCharge, refunded, cancelled], ['PLACED', 'REFUNDING', 'REJECTED']],
    ['goes on after manual intervention', [unknownCharge, charged, shipped], ['PLACED', 'PLACED', 'PAID', 'SHIPPED']],
  ])('that %s has all its states in its history', (_what, bodies, states) => {
    expect(orderOf(...bodies).history.map(({ state }) => state)).toEqual(states);
  });

  it('has the reason of its failure, in its history too', () => {
    const order = orderOf(charged, refundStarted, cancelled, refunded);
    expect(order.reason).toBe('SHIPPING_UNAVAILABLE');
    expect(order.history.map(({ reason }) => reason)).toEqual(['', '', 'SHIPPING_UNAVAILABLE', 'SHIPPING_UNAVAILABLE']);
  });

  it('is compensated after an operator asked for its refund, also when it was confirmed', () => {
    const order = orderOf(charged, shipped, confirmed, refundRequested);
    expect(order).toMatchObject({ state: 'REFUNDING', reason: 'ORDER_CANCELLED', charged: amount });
    expect(nextStep(order)).toBe('compensate');
    expect(canHappen(placed, refundRequested)).toBe(false);
    expect(canHappen(orderOf(charged, refundStarted), refundRequested)).toBe(false);
  });

  it('that is cancelled with an unknown charge is refunded when payment finds the charge, and rejected when there is none', () => {
    const asking = orderOf(unknownCharge, refundRequested);
    expect(asking).toMatchObject({ state: 'PLACED', needsIntervention: false });
    expect(nextStep(asking)).toBe('charge');
    const refunding = orderOf(unknownCharge, refundRequested, charged);
    expect(refunding).toMatchObject({
      state: 'REFUNDING',
      reason: 'ORDER_CANCELLED',
      charged: amount,
      open: { refund: true, shipment: true },
    });
    expect(orderOf(unknownCharge, refundRequested, rejected).state).toBe('REJECTED');
    const unknownAgain = orderOf(unknownCharge, refundRequested, unknownCharge);
    expect(unknownAgain).toMatchObject({ state: 'PLACED', needsIntervention: true, reason: 'PAYMENT_UNKNOWN' });
    expect(orderOf(unknownCharge, refundRequested, unknownCharge, retryRequested, charged).state).toBe('PAID');
  });

  it('is closed by an operator only while its charge is unknown', () => {
    expect(orderOf(unknownCharge, settled)).toMatchObject({
      state: 'REJECTED',
      reason: 'ORDER_CANCELLED',
      needsIntervention: false,
    });
    for (const life of [[], [charged], [unknownCharge, retryRequested], [charged, refundStarted, refused('refund')]]) {
      expect(canHappen(orderOf(...life), settled)).toBe(false);
    }
  });

  it('goes on after an operator asked for a retry, which only an order in need of intervention allows', () => {
    expect(nextStep(orderOf(unknownCharge, retryRequested))).toBe('charge');
    const refunding = orderOf(charged, refundStarted, cancelled, refused('refund'), retryRequested);
    expect(refunding).toMatchObject({ needsIntervention: false, reason: 'SHIPPING_UNAVAILABLE' });
    expect(nextStep(refunding)).toBe('compensate');
    expect(canHappen(placed, retryRequested)).toBe(false);
    expect(canHappen(orderOf(charged, refundStarted), retryRequested)).toBe(false);
  });

  it('is erased only in a final state', () => {
    const erased: Body = { type: 'personal-data-erased', ...operator };
    expect(orderOf(charged, shipped, confirmed, erased)).toMatchObject({ state: 'CONFIRMED', isErased: true });
    expect(canHappen(orderOf(charged, shipped), erased)).toBe(false);
  });

  it('has no reason any more when manual intervention finds that it was charged', () => {
    expect(orderOf(unknownCharge)).toMatchObject({
      state: 'PLACED',
      needsIntervention: true,
      reason: 'PAYMENT_UNKNOWN',
    });
    expect(orderOf(unknownCharge, charged)).toMatchObject({ state: 'PAID', needsIntervention: false, reason: '' });
  });

  it('is not rejected before both compensations are done', () => {
    expect(orderOf(charged, refundStarted, refunded)).toMatchObject({
      state: 'REFUNDING',
      open: { refund: false, shipment: true },
    });
    expect(orderOf(charged, refundStarted, cancelled)).toMatchObject({
      state: 'REFUNDING',
      open: { refund: true, shipment: false },
    });
  });

  it('refunds the amount that was charged, also when an earlier attempt was charged another one', () => {
    expect(orderOf(charged)).toMatchObject({ transactionId: 'tx', charged: amount });
    expect(orderOf(earlierCharge)).toMatchObject({
      transactionId: 'earlier',
      charged: { currency: 'USD', nanos: 5n },
      open: { refund: true, shipment: true },
    });
  });

  it('goes on with one compensation when the other is refused for good, and keeps its reason', () => {
    const order = orderOf(charged, refundStarted, refused('refund'));
    expect(order).toMatchObject({ state: 'REFUNDING', needsIntervention: true, reason: 'SHIPPING_UNAVAILABLE' });
    expect(order.history.at(-1)).toMatchObject({ state: 'REFUNDING', reason: 'REFUND_REFUSED' });
    expect(nextStep(order)).toBe('compensate');
    expect(nextStep(orderOf(charged, refundStarted, refused('refund'), cancelled))).toBeUndefined();
    expect(orderOf(charged, refundStarted, refused('refund'), cancelled, refunded)).toMatchObject({
      state: 'REJECTED',
      needsIntervention: false,
    });
  });

  it('frees its idempotency key only when nothing was sent to payment', () => {
    expect(freesKey(orderOf({ type: 'rejected', reason: PAYMENT_UNREACHABLE }))).toBe(true);
    expect(freesKey(orderOf(rejected))).toBe(false);
    expect(freesKey(placed)).toBe(false);
  });

  it.each([
    ['rejected while its charge is kept', [charged], rejected],
    ['confirmed before it is shipped', [charged], confirmed],
    ['shipped before it is charged', [], shipped],
    ['shipped after its refund has started', [charged, refundStarted], shipped],
    ['charged twice', [charged], charged],
    ['charged after it was rejected', [rejected], charged],
    ['refunded twice', [charged, refundStarted, refunded], refunded],
    ['cancelled twice', [charged, refundStarted, cancelled], cancelled],
    ['refunded after it was shipped', [charged, shipped], refundStarted],
    ['in need of intervention for a refund that is done', [charged, refundStarted, refunded], refused('refund')],
  ])('is never %s', (_what, life, body) => {
    expect(canHappen(orderOf(...life), body)).toBe(false);
  });

  it('cannot be placed again', () => {
    expect(() => evolve(placed, { type: 'placed', purchase: placed.purchase, timeMs: 2 })).toThrow();
  });

  it('has a next step unless it is in a final state or every open step needs manual intervention', () => {
    expect(nextStep(placed)).toBe('charge');
    expect(nextStep(orderOf(charged))).toBe('ship');
    expect(nextStep(orderOf(charged, shipped))).toBe('confirm');
    expect(nextStep(orderOf(charged, refundStarted, refunded))).toBe('compensate');
    expect(nextStep(orderOf(unknownCharge))).toBeUndefined();
    fc.assert(
      fc.property(anyLife, (life) => {
        for (const order of life) {
          if (nextStep(order) === undefined) expect(isFinal(order) || order.needsIntervention).toBe(true);
          else expect(isFinal(order)).toBe(false);
        }
      }),
    );
  });

  it('reaches a final state after any sequence of events', () => {
    const ends = new Set<string>();
    fc.assert(
      fc.property(anyLife, (life) => {
        const last = life.at(-1) ?? placed;
        // An order can need intervention repeatedly; any other order is in a final state after ten events.
        fc.pre(!last.needsIntervention && life.filter(({ needsIntervention }) => needsIntervention).length < 3);
        expect(isFinal(last)).toBe(true);
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

  it('has nothing left to compensate when it is rejected', () => {
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
