import { nextStep, type Order } from '../order/order.ts';
import { type HeartbeatDeps, withHeartbeat } from './heartbeat.ts';
import { presentOrder } from './present-order.ts';
import type { Run, StepDeps } from './run.ts';
import { sagaSteps } from './steps.ts';

/** Executes the steps of orders, at most one run at a time for each order. */
export type OrderRunner = {
  /**
   * Executes the next steps of an order until a final state and returns the order. Joins a run that is in flight; an
   * order that another process has claimed is returned as stored. Never rejects: a failed step is reported, and
   * the order keeps its state until the next run.
   */
  readonly run: (order: Order, run: Run) => Promise<Order>;
  /** Resolves when no run is in flight. */
  readonly idle: () => Promise<void>;
};

export function orderRunner(deps: StepDeps & HeartbeatDeps): OrderRunner {
  const { store, events } = deps;
  const steps = sagaSteps(deps);
  const inFlight = new Map<string, Promise<Order>>();

  const execute = async (order: Order, run: Run): Promise<Order> =>
    await withHeartbeat(deps, order.purchase.orderId, () => executeSteps(order, run));

  const executeSteps = async (order: Order, run: Run): Promise<Order> => {
    let current = order;
    try {
      for (let step = nextStep(current); step !== undefined; step = nextStep(current)) {
        current = await steps[step](current, run);
      }
      return current;
    } catch (error) {
      events.processingFailed(current, error);
      return await presentOrder(store, current);
    } finally {
      // A lease that cannot be released expires.
      await store.release(order.purchase.orderId).catch(() => {});
    }
  };

  const begin = async (order: Order, run: Run): Promise<Order> => {
    // The call that created the order has claimed it. Any other caller may know an older state of the order: its steps must
    // not be repeated, because some upstreams ignore idempotency keys.
    if (run.kind === 'first') return await execute(order, run);
    try {
      const claimed = await store.claim(order.purchase.orderId, deps.now());
      if (claimed !== undefined) return await execute(claimed, run);
    } catch (error) {
      events.processingFailed(order, error);
    }
    return await presentOrder(store, order);
  };

  return {
    run: async (order, run) => {
      const { orderId } = order.purchase;
      const running = inFlight.get(orderId);
      if (running !== undefined) return await running;
      if (nextStep(order) === undefined) return order;
      const started = begin(order, run).finally(() => inFlight.delete(orderId));
      inFlight.set(orderId, started);
      return await started;
    },
    idle: async () => {
      while (inFlight.size > 0) await Promise.all(inFlight.values());
    },
  };
}
