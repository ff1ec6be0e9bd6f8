import { TEST_START_MS } from '../../lib/testing/test-runtime.ts';
import type { Order, OrderEvent } from '../order/order.ts';
import { purchaseOf } from '../store/order-store.contract.ts';
import type { OrderOperations, OrderStore } from '../store/order-store.ts';
import { readOperatorCommand } from './operator-command.ts';
import { runOperatorCommand } from './run-operator-command.ts';

type Body = OrderEvent extends infer E ? (E extends OrderEvent ? Omit<E, 'timeMs'> : never) : never;

const charged: Body = { type: 'charged', transactionId: 'tx' };
const shipped: Body = { type: 'shipped', trackingId: 'parcel' };
const confirmed: Body = { type: 'confirmed' };
const unknownCharge: Body = { type: 'intervention-needed', reason: 'PAYMENT_UNKNOWN' };
const refundStarted: Body = { type: 'refund-started', reason: 'SHIPPING_REFUSED' };
const refundRequested: Body = { type: 'refund-requested', by: 'olga', why: 'test' };
const refundRefused: Body = { type: 'intervention-needed', reason: 'REFUND_REFUSED', compensation: 'refund' };

/** The contract of the tool of operators on an order store. Call it inside a `describe`. */
export function itServesOperators(subject: () => OrderStore & OrderOperations): void {
  let count = 0;
  const orderWith = async (...bodies: Body[]): Promise<Order> => {
    const name = `tool-${++count}`;
    let { order } = await subject().create(purchaseOf({ orderId: name, userId: `user of ${name}` }), TEST_START_MS);
    for (const body of bodies) order = await subject().append(order, { ...body, timeMs: TEST_START_MS }, []);
    return order;
  };
  const run = async (...args: string[]) => {
    const command = readOperatorCommand(args, 'olga');
    if (typeof command === 'string') throw new Error(command);
    return await runOperatorCommand(subject(), command, TEST_START_MS + 1);
  };
  const idOf = ({ purchase }: Order): string => purchase.orderId;
  const because = ['--why', 'the shopper called'];
  const lastEvent = async (order: Order) => (await subject().events(idOf(order))).at(-1);
  const said = { by: 'olga', why: 'the shopper called', timeMs: TEST_START_MS + 1 };

  it('lists and shows orders with their events', async () => {
    const order = await orderWith(charged);
    const { lines } = await run('list');
    expect(lines[0]).toContain(`${idOf(order)}  PAID  23.85 EUR  user ${order.purchase.userId}`);
    const shown = (await run('show', idOf(order))).lines.join('\n');
    expect(shown).toMatch(/e-mail {3}ann@example\.com\naddress {2}Rue 1, /);
    expect(shown).toMatch(/ 1 {2}\S+ {2}placed .*email=\*\*\*.*\n {2}2 {2}\S+ {2}charged {2}transactionId=tx$/);
  });

  it.each([
    ['PAID', [charged]],
    ['SHIPPED', [charged, shipped]],
    ['CONFIRMED', [charged, shipped, confirmed]],
  ])('refunds an order that is %s, and stores who and why', async (state, bodies) => {
    const order = await orderWith(...bodies);
    expect(order.state).toBe(state);
    expect(await run('refund', idOf(order), ...because)).toMatchObject({ ok: true });
    const refunding = await subject().get(idOf(order));
    expect(refunding).toMatchObject({ state: 'REFUNDING', open: { refund: true, shipment: true } });
    expect(await lastEvent(order)).toEqual({ type: 'refund-requested', ...said });
    await subject().release(idOf(order));
    expect((await subject().unfinished(TEST_START_MS, 1000)).map(idOf)).toContain(idOf(order));
  });

  it.each<[string, Body[], RegExp]>([
    ['is not charged yet', [], /is not charged/],
    ['was declined', [{ type: 'rejected', reason: 'CARD_DECLINED' }], /was not charged/],
    ['is being cancelled', [unknownCharge, refundRequested], /is being cancelled already/],
    ['is being refunded', [charged, refundStarted], /is being refunded already/],
    ['has a refused refund', [charged, refundStarted, refundRefused], /use retry/],
    [
      'was refunded',
      [charged, refundStarted, { type: 'refunded', refundId: 'r' }, { type: 'shipment-cancelled' }],
      /was refunded already/,
    ],
  ])('refuses to refund an order that %s', async (_what, bodies, reason) => {
    const order = await orderWith(...bodies);
    expect(await run('refund', idOf(order), ...because)).toEqual({
      ok: false,
      lines: [expect.stringMatching(reason)],
    });
    expect(await subject().get(idOf(order))).toEqual(order);
  });

  it.each<[string, Body[]]>([
    ['charge is unknown', [unknownCharge]],
    ['refund was refused', [charged, refundStarted, refundRefused]],
  ])('retries an order whose %s', async (_what, bodies) => {
    const order = await orderWith(...bodies);
    expect(await run('retry', idOf(order), ...because)).toMatchObject({ ok: true });
    expect(await subject().get(idOf(order))).toMatchObject({ needsIntervention: false });
    expect(await lastEvent(order)).toEqual({ type: 'retry-requested', ...said });
    await subject().release(idOf(order));
    expect((await subject().unfinished(TEST_START_MS, 1000)).map(idOf)).toContain(idOf(order));
  });

  it.each<[Body[], RegExp]>([
    [[charged], /the shop retries it/],
    [[charged, shipped, confirmed], /nothing to retry/],
  ])('refuses to retry an order that needs no intervention, after %j', async (bodies, reason) => {
    const order = await orderWith(...bodies);
    expect(await run('retry', idOf(order), ...because)).toMatchObject({
      ok: false,
      lines: [expect.stringMatching(reason)],
    });
  });

  it('cancels an order whose charge is unknown, so that a running shop asks payment for the charge to refund', async () => {
    const order = await orderWith(unknownCharge);
    expect(await run('refund', idOf(order), ...because)).toMatchObject({ ok: true });
    expect(await lastEvent(order)).toEqual({ type: 'refund-requested', ...said });
    await subject().release(idOf(order));
    expect((await subject().unfinished(TEST_START_MS, 1000)).map(idOf)).toContain(idOf(order));
  });

  it('closes an order whose charge payment cannot tell, and no other order', async () => {
    const order = await orderWith(unknownCharge);
    expect(await run('settle', idOf(order), ...because)).toEqual({
      ok: true,
      lines: [`order ${idOf(order)} was PLACED and is REJECTED`],
    });
    expect(await subject().get(idOf(order))).toMatchObject({ state: 'REJECTED', reason: 'ORDER_CANCELLED' });
    expect(await lastEvent(order)).toEqual({ type: 'charge-settled', ...said });
    for (const bodies of [[], [charged], [charged, refundStarted, refundRefused], [charged, shipped, confirmed]]) {
      const other = await orderWith(...bodies);
      expect(await run('settle', idOf(other), ...because)).toMatchObject({ ok: false });
      expect(await subject().get(idOf(other))).toEqual(other);
    }
  });

  it('replays a dead-lettered task by its id', async () => {
    const order = await orderWith();
    await subject().append(order, { ...charged, timeMs: TEST_START_MS }, [{ kind: 'send-confirmation' }]);
    const claimed = (await subject().claimDueTasks(TEST_START_MS, 1000)).find(({ orderId }) => orderId === idOf(order));
    const { taskId } = claimed ?? { taskId: '' };
    await subject().taskDeadLettered(taskId);
    expect((await run('dead-letters')).lines.join('\n')).toContain(
      `${taskId}  send-confirmation  order ${idOf(order)}`,
    );
    expect(await run('replay', taskId, ...because)).toMatchObject({ ok: true });
    expect(await lastEvent(order)).toEqual({ type: 'task-replayed', task: 'send-confirmation', ...said });
    expect(await run('replay', taskId, ...because)).toMatchObject({ ok: false });
  });

  it('erases a user, and shows the order without addresses afterwards', async () => {
    const moving = await orderWith(charged);
    const { userId } = moving.purchase;
    const refused = await run('erase', userId, ...because);
    expect(refused).toMatchObject({ ok: false, lines: [expect.stringContaining(idOf(moving))] });
    const sent = await subject().append(moving, { ...shipped, timeMs: TEST_START_MS }, []);
    await subject().append(sent, { ...confirmed, timeMs: TEST_START_MS }, []);
    expect((await run('erase', userId, ...because)).lines[0]).toContain('erased the addresses of 1 orders');
    const shown = (await run('show', idOf(moving))).lines.join('\n');
    expect(shown).toContain('e-mail   (erased)');
    expect(shown).not.toContain('ann@example.com');
    expect((await run('erase', userId, ...because)).lines[0]).toContain('was erased before');
  });

  it('rebuilds the rows, and shows who did it and why', async () => {
    await orderWith(charged);
    expect((await run('rebuild', ...because)).lines[0]).toMatch(/^rebuilt \d+ orders/);
    expect((await run('store-events')).lines.at(-1)).toMatch(
      / {2}rows-rebuilt {2}orders=\d+ {2}by=olga {2}why=the shopper called$/,
    );
  });

  it.each(['show', 'retry', 'refund', 'settle', 'replay', 'erase'])('refuses to %s what is unknown', async (kind) => {
    const why = kind === 'show' ? [] : because;
    expect(await run(kind, 'unknown-id', ...why)).toEqual({
      ok: false,
      lines: [expect.stringContaining('unknown-id')],
    });
  });
}
