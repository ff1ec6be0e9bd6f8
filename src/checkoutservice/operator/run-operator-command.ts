import { isFinal, type Operator, type Order, type OrderEvent } from '../order/order.ts';
import type { OrderOperations, OrderStore } from '../store/order-store.ts';
import type { OperatorCommand } from './operator-command.ts';
import { deadLetterLines, orderLines, orderListLines, storeEventLines } from './operator-text.ts';

const LISTED = 50;

type OperatedStore = Pick<OrderStore, 'append' | 'events' | 'get'> & OrderOperations;

/** The lines to print. `ok` is false when the command is impossible; nothing was changed then. */
export type OperatorResult = { readonly ok: boolean; readonly lines: readonly string[] };

const done = (...lines: string[]): OperatorResult => ({ ok: true, lines });
const refused = (reason: string): OperatorResult => ({ ok: false, lines: [reason] });

/**
 * Runs the command of an operator. A retry, refund or replay only stores an event: a running shop then takes the steps.
 *
 * @throws {DomainError} ORDER_CHANGED when the shop changed the order at the same time
 */
export async function runOperatorCommand(
  store: OperatedStore,
  command: OperatorCommand,
  timeMs: number,
): Promise<OperatorResult> {
  switch (command.kind) {
    case 'list':
      return done(...orderListLines(await store.newest(LISTED)));
    case 'dead-letters':
      return done(...deadLetterLines(await store.deadLetters()));
    case 'rebuild':
      return done(`rebuilt ${await store.rebuild(operatorOf(command), timeMs)} orders from their events`);
    case 'store-events':
      return done(...storeEventLines(await store.storeEvents()));
    case 'show': {
      const order = await store.get(command.id);
      if (order === undefined) return unknownOrder(command.id);
      return done(...orderLines(order, await store.events(command.id)));
    }
    case 'retry':
      return await change(store, command, timeMs, { type: 'retry-requested', problem: retryProblem });
    case 'refund':
      return await change(store, command, timeMs, { type: 'refund-requested', problem: refundProblem });
    case 'settle':
      return await change(store, command, timeMs, { type: 'charge-settled', problem: settleProblem });
    case 'replay': {
      const task = await store.replay(command.id, operatorOf(command), timeMs);
      if (task === undefined) return refused(`no dead-lettered task has the id ${command.id}; see dead-letters`);
      return done(`${task.kind} of order ${task.orderId} is due again; a running shop does it now`);
    }
    case 'erase':
      return await erase(store, command, timeMs);
  }
}

const operatorOf = ({ by, why }: Operator): Operator => ({ by, why });
const unknownOrder = (id: string): OperatorResult => refused(`no order has the id ${id}`);

async function change(
  store: OperatedStore,
  command: { readonly id: string } & Operator,
  timeMs: number,
  action: {
    readonly type: 'retry-requested' | 'refund-requested' | 'charge-settled';
    readonly problem: (order: Order) => string | undefined;
  },
): Promise<OperatorResult> {
  const order = await store.get(command.id);
  if (order === undefined) return unknownOrder(command.id);
  const problem = action.problem(order);
  if (problem !== undefined) return refused(`order ${command.id} ${problem}`);
  const event: OrderEvent = { type: action.type, ...operatorOf(command), timeMs };
  const changed = await store.append(order, event, []);
  const next = isFinal(changed) ? '' : '; a running shop continues it now';
  return done(`order ${command.id} was ${order.state} and is ${changed.state}${next}`);
}

function retryProblem(order: Order): string | undefined {
  if (order.needsIntervention) return undefined;
  return `is ${order.state}: ${isFinal(order) ? 'there is nothing to retry' : 'the shop retries it without a request'}`;
}

function refundProblem({ state, reason, transactionId, needsIntervention }: Order): string | undefined {
  switch (state) {
    case 'PAID':
    case 'SHIPPED':
    case 'CONFIRMED':
      return undefined;
    case 'REFUNDING':
      return needsIntervention
        ? 'has a refund or cancellation that was refused: use retry'
        : 'is being refunded already';
    case 'REJECTED':
      return transactionId === undefined ? 'was not charged: there is nothing to refund' : 'was refunded already';
    case 'PLACED':
      if (needsIntervention) return undefined;
      return reason === '' ? 'is not charged: there is nothing to refund' : 'is being cancelled already';
  }
}

function settleProblem({ state, needsIntervention }: Order): string | undefined {
  if (state === 'PLACED' && needsIntervention) return undefined;
  return `is ${state}: only an order whose charge payment cannot tell is settled`;
}

async function erase(
  store: OperatedStore,
  command: { readonly id: string } & Operator,
  timeMs: number,
): Promise<OperatorResult> {
  const erasure = await store.erase(command.id, operatorOf(command), timeMs);
  switch (erasure.kind) {
    case 'unknown-user':
      return refused(`no order belongs to the user ${command.id}`);
    case 'unfinished':
      return refused(
        `these orders of the user still need the address; erase after they are CONFIRMED or REJECTED: ${erasure.orderIds.join(', ')}`,
      );
    case 'erased':
      return erasure.orderIds.length === 0
        ? done(`the user ${command.id} was erased before`)
        : done(
            `erased the addresses of ${erasure.orderIds.length} orders of the user ${command.id}; a running shop deletes the stored mails`,
          );
  }
}
