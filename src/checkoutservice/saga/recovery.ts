import { beginCall } from '../../lib/grpc/call-context.ts';
import type { CheckoutEvents } from '../events.ts';
import type { CartClient } from '../peers/cart-client.ts';
import type { EmailClient } from '../peers/email-client.ts';
import type { OrderStore, OutboxTask } from '../store/order-store.ts';
import type { Driver } from './driver.ts';

/** A task is set aside after this many tries. */
export const MAX_TASK_TRIES = 10;

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
const TASK_BUDGET_MS = 8000;

export type RecoveryDeps = {
  readonly store: OrderStore;
  readonly driver: Driver;
  readonly cart: CartClient;
  readonly email: EmailClient;
  readonly events: CheckoutEvents;
  readonly now: () => number;
  readonly newId: () => string;
};

/**
 * Finishes what is unfinished: drives on each order that nobody drives, and does the work in the outbox. What fails is
 * tried again, after a longer pause each time; a refund for ever, a mail ten times.
 */
export function recovery(deps: RecoveryDeps): { readonly sweep: () => Promise<void> } {
  const pauses = new Map<string, { tries: number; untilMs: number }>();
  let running: Promise<void> | undefined;

  const driveOn = async (): Promise<void> => {
    for (const order of await deps.store.unfinished()) {
      const { orderId } = order.purchase;
      const pause = pauses.get(orderId);
      if (deps.driver.isDriving(orderId) || (pause !== undefined && pause.untilMs > deps.now())) continue;
      try {
        await deps.driver.drive(order, { card: undefined, requestId: deps.newId() });
        pauses.delete(orderId);
      } catch (error) {
        const tries = (pause?.tries ?? 0) + 1;
        pauses.set(orderId, { tries, untilMs: deps.now() + pauseMs(tries) });
        deps.events.driveFailed(order, error);
      }
    }
  };

  const workOff = async (): Promise<void> => {
    for (const task of await deps.store.dueTasks(deps.now())) {
      try {
        await perform(deps, task);
        await deps.store.taskDone(task.taskId);
      } catch (error) {
        const tries = task.tries + 1;
        deps.events.taskFailed({ ...task, tries }, error);
        if (tries >= MAX_TASK_TRIES) await deps.store.taskDead(task.taskId);
        else await deps.store.taskFailed(task.taskId, deps.now() + pauseMs(tries));
      }
    }
  };

  return {
    sweep: async () => {
      running ??= Promise.all([driveOn(), workOff()])
        .then(() => {})
        .finally(() => {
          running = undefined;
        });
      await running;
    },
  };
}

function pauseMs(tries: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
}

async function perform(deps: RecoveryDeps, task: OutboxTask): Promise<void> {
  const order = await deps.store.get(task.orderId);
  if (order === undefined) return;
  using call = beginCall({ budgetMs: TASK_BUDGET_MS, requestId: deps.newId() });
  switch (task.kind) {
    case 'send-confirmation':
      return await deps.email.sendConfirmation(order, call);
    case 'send-cancellation':
      return await deps.email.sendCancellation(order, call);
    case 'empty-cart':
      return await deps.cart.emptyCart(order.purchase.userId, order.purchase.cartVersion, call);
  }
}
