import { isPending, type Order } from '../order/order.ts';
import { type RecordEvent, type Run, type StepDeps, withBudget } from './run.ts';
import { refundKey, shipmentKey } from './step-keys.ts';

type CompensationStep = (order: Order, run: Run) => Promise<Order>;

/**
 * Undoes an order that failed after its charge: refunds the charge, and cancels a shipment that may have happened. A
 * failed compensation stays open and is retried; one that an upstream refused permanently needs manual intervention.
 * Neither compensation waits for the other.
 *
 * @throws the first failure
 */
export function compensationStep(deps: StepDeps, record: RecordEvent): CompensationStep {
  const { payment, shipping } = deps;

  const refund: CompensationStep = async (order, run) => {
    const { transactionId, charged } = order;
    if (transactionId === undefined || charged === undefined) throw new Error('a refund without a charge');
    const request = { transactionId, amount: charged, idempotencyKey: refundKey(transactionId) };
    const outcome = await withBudget(run, (call) => payment.refund(request, call));
    if (outcome.kind === 'refunded') {
      return await record(order, { type: 'refunded', refundId: outcome.refundId }, ['send-cancellation']);
    }
    deps.events.compensationRefused(order, 'refund', outcome.cause);
    const reason = 'REFUND_REFUSED';
    return await record(order, { type: 'intervention-needed', reason, compensation: 'refund' });
  };

  const cancelShipment: CompensationStep = async (order, run) => {
    const outcome = await withBudget(run, (call) => shipping.cancel(shipmentKey(order.purchase), call));
    if (outcome.kind === 'cancelled') return await record(order, { type: 'shipment-cancelled' });
    deps.events.compensationRefused(order, 'shipment', outcome.cause);
    const reason = 'CANCELLATION_REFUSED';
    return await record(order, { type: 'intervention-needed', reason, compensation: 'shipment' });
  };

  return async (order, run) => {
    let current = order;
    const failures: unknown[] = [];
    const attempt = async (step: CompensationStep): Promise<void> => {
      try {
        current = await step(current, run);
      } catch (error) {
        failures.push(error);
      }
    };
    if (isPending(order, 'refund')) await attempt(refund);
    if (isPending(order, 'shipment')) await attempt(cancelShipment);
    if (failures.length > 0) throw failures[0];
    return current;
  };
}
