import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { OrderRejection } from '../../reasons.ts';
import type { Order } from '../order/order.ts';
import type { OutboxTask } from '../store/order-store.ts';
import type { ShipOutcome } from '../upstreams/shipping-client.ts';
import { chargeStep } from './charge-step.ts';
import { compensationStep } from './compensation.ts';
import { eventRecorder, type Run, type StepDeps, withBudget } from './run.ts';
import { shipmentKey } from './step-keys.ts';

const SHIP_ATTEMPTS = 3;
/**
 * Milliseconds that one attempt to ship may take. All attempts together take less than the deadline of PlaceOrder, and less
 * than the time that a process has to shut down.
 */
export const SHIP_BUDGET_MS = 2000;
const SHIP_PAUSE_MS = 100;

/** The steps of an order. Each can be repeated, because its call carries an idempotency key. */
export function sagaSteps(deps: StepDeps) {
  const { shipping, cart, events } = deps;
  const record = eventRecorder(deps);

  const ship = async (order: Order, run: Run): Promise<Order> => {
    const startRefund = async (reason: OrderRejection): Promise<Order> =>
      await record(order, { type: 'refund-started', reason });
    for (let attempt = 1; attempt <= SHIP_ATTEMPTS; attempt += 1) {
      if (attempt > 1) await deps.pause(SHIP_PAUSE_MS * attempt);
      const outcome = await withBudget(run, (call) => callShipOrder(order, call), SHIP_BUDGET_MS);
      switch (outcome.kind) {
        case 'shipped':
          return await record(order, { type: 'shipped', trackingId: outcome.trackingId });
        case 'refused':
          return await startRefund('SHIPPING_REFUSED');
        case 'conflict':
          return await startRefund('EARLIER_ATTEMPT_CANCELLED');
        case 'ambiguous':
          events.stepAmbiguous(order, 'ship', outcome.cause);
      }
    }
    return await startRefund('SHIPPING_UNAVAILABLE');
  };

  const callShipOrder = ({ purchase }: Order, call: CallContext): Promise<ShipOutcome> =>
    shipping.ship({ address: purchase.address, goods: purchase.lines, idempotencyKey: shipmentKey(purchase) }, call);

  const confirm = async (order: Order, run: Run): Promise<Order> => {
    const { userId, cartVersion } = order.purchase;
    const tasks: OutboxTask['kind'][] = ['send-confirmation'];
    try {
      await withBudget(run, (call) => cart.emptyCart(userId, cartVersion, call));
    } catch (error) {
      // The goods are shipped: a cart that is not emptied yet does not delay the order.
      events.stepAmbiguous(order, 'empty-cart', error);
      tasks.push('empty-cart');
    }
    return await record(order, { type: 'confirmed' }, tasks);
  };

  return { charge: chargeStep(deps, record), ship, confirm, compensate: compensationStep(deps, record) };
}
