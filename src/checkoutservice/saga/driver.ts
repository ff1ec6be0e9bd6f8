import { nextStep, type Order } from '../order/order.ts';
import { presentOrder } from './present-order.ts';
import type { Run, StepDeps } from './run.ts';
import { sagaSteps } from './steps.ts';

/** Moves orders, each by at most one drive at a time. */
export type Driver = {
  /**
   * Drives an order forward or back until it is at its end, and answers it as it then is. A drive that is under way is
   * joined; an order that another process drives is left to it. Never rejects: a step that failed is reported, and the
   * order stays where it is, to be driven again.
   */
  readonly drive: (order: Order, drive: Run) => Promise<Order>;
  /** Resolves once no order is being driven. */
  readonly idle: () => Promise<void>;
};

/** Makes the driver. */
export function orderDriver(deps: StepDeps): Driver {
  const { store, events } = deps;
  const steps = sagaSteps(deps);
  const drives = new Map<string, Promise<Order>>();

  const run = async (order: Order, drive: Run): Promise<Order> => {
    let current = order;
    try {
      for (let step = nextStep(current); step !== undefined; step = nextStep(current)) {
        current = await steps[step](current, drive);
      }
      return current;
    } catch (error) {
      events.driveFailed(current, error);
      return await presentOrder(store, current);
    } finally {
      // A claim that cannot be given back runs out by itself.
      await store.release(order.purchase.orderId).catch(() => {});
    }
  };

  const begin = async (order: Order, drive: Run): Promise<Order> => {
    // Whoever made the order has claimed it already. Anybody else may know an older order than there is: its steps must
    // not be done twice, and some peers keep no keys.
    if (drive.kind === 'first') return await run(order, drive);
    try {
      const claimed = await store.claim(order.purchase.orderId, deps.now());
      if (claimed !== undefined) return await run(claimed, drive);
    } catch (error) {
      events.driveFailed(order, error);
    }
    return await presentOrder(store, order);
  };

  return {
    drive: async (order, drive) => {
      const { orderId } = order.purchase;
      const running = drives.get(orderId);
      if (running !== undefined) return await running;
      if (nextStep(order) === undefined) return order;
      const started = begin(order, drive).finally(() => drives.delete(orderId));
      drives.set(orderId, started);
      return await started;
    },
    idle: async () => {
      while (drives.size > 0) await Promise.all(drives.values());
    },
  };
}
