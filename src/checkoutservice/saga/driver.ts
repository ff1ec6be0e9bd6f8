import { nextStep, type Order } from '../order/order.ts';
import { type Drive, type StepDeps, sagaSteps } from './steps.ts';

/** Moves orders, each by at most one drive at a time. */
export type Driver = {
  /**
   * Drives an order forward or back until it is at its end. A drive that is under way is joined.
   *
   * @throws whatever a step threw that has to be tried again; the order stays where it is
   */
  readonly drive: (order: Order, drive: Drive) => Promise<Order>;
  /** Whether an order is being driven now. */
  readonly isDriving: (orderId: string) => boolean;
  /** Resolves once no order is being driven. */
  readonly idle: () => Promise<void>;
};

/** Makes the driver. */
export function orderDriver(deps: StepDeps): Driver {
  const steps = sagaSteps(deps);
  const drives = new Map<string, Promise<Order>>();

  const run = async (order: Order, drive: Drive): Promise<Order> => {
    let current = order;
    for (let step = nextStep(current); step !== undefined; step = nextStep(current)) {
      current = await steps[step](current, drive);
    }
    return current;
  };

  return {
    drive: async (order, drive) => {
      const { orderId } = order.purchase;
      const running = drives.get(orderId);
      if (running !== undefined) return await running;
      const started = run(order, drive).finally(() => drives.delete(orderId));
      drives.set(orderId, started);
      return await started;
    },
    isDriving: (orderId) => drives.has(orderId),
    idle: async () => {
      await Promise.allSettled(drives.values());
    },
  };
}
