import fc from 'fast-check';
import { DomainError } from '../../lib/errors.ts';
import { TEST_START_MS } from '../../lib/testing/test-runtime.ts';
import type { Order } from '../order/order.ts';
import { purchaseOf } from './order-store.contract.ts';
import type { OrderStore } from './order-store.ts';
import {
  actionOf,
  type Command,
  KEYS,
  type Step,
  step,
  type TaskNames,
  taskNames,
  USERS,
} from './order-store-commands.testing.ts';
import {
  type Action,
  act,
  emptyModel,
  isLeased,
  isUnfinished,
  type Model,
  type Outcome,
  orderIn,
  orderOfKey,
  RETRY_PAUSE_MS,
} from './order-store-model.testing.ts';

/** An empty database that several replicas can open. A replica that is opened again does not hold the leases of the earlier one. */
export type ModelSubject = AsyncDisposable & { readonly open: () => OrderStore };

type Replica = { readonly owner: string; readonly store: OrderStore };

/** Performs steps on a store and on the model, and compares what they return and what they contain. */
async function run(subject: ModelSubject, steps: readonly Step[]): Promise<void> {
  let model = emptyModel(TEST_START_MS);
  let starts = 0;
  let orders = 0;
  const start = () => ({ owner: `start-${++starts}`, store: subject.open() });
  const replicas: [Replica, Replica] = [start(), start()];
  const names = taskNames();
  const newOrderId = (): string => `order-${++orders}`;

  /** One command per replica, at the same time. */
  const perform = async (commands: readonly [Command | undefined, Command | undefined]): Promise<void> => {
    const calls = replicas.flatMap(({ owner, store }, position) => {
      const command = commands[position];
      const action = command && actionOf(command, { owner, model, names, newOrderId });
      return action === undefined ? [] : [{ store, action }];
    });
    const actions = calls.map(({ action }) => action);
    const outcomes = await Promise.all(calls.map(({ store, action }) => performOn(store, action, model, names)));
    // The results must be those of one sequence of the calls.
    const forwards = expectedAfter(model, actions, actions);
    const backwards = expectedAfter(model, actions, [...actions].reverse());
    const [first, second] = [forwards, backwards].filter((expected) => isEqual(outcomes, expected.outcomes));
    expect({ actions, outcomes }).toEqual({ actions, outcomes: (first ?? backwards).outcomes });
    // Two orders that are created at the same time return the same in both sequences, and are listed in one of them.
    const isFirst = first !== undefined && (second === undefined || (await isSame(replicas[0].store, first.model)));
    const fitting = isFirst ? first : (second ?? backwards);
    model = fitting.model;
  };

  for (const each of steps) {
    if (each.type === 'pass') model = { ...model, nowMs: model.nowMs + each.ms };
    else if (each.type === 'crash') {
      const started = start();
      replicas[each.replica] = started;
      await expectSame(started.store, model);
    } else await perform(each.commands);
  }
  await expectSame(replicas[0].store, model);
}

/** Performs an action on the store. Returns what it returned, as the model does. */
async function performOn(store: OrderStore, action: Action, model: Model, names: TaskNames): Promise<Outcome> {
  const { nowMs } = model;
  switch (action.type) {
    case 'create': {
      const { orderId, userId, key, cart } = action;
      return await store.create(purchaseOf({ orderId, userId, idempotencyKey: key, cartVersion: cart }), nowMs);
    }
    case 'append': {
      const found = orderIn(model, action.orderId);
      if (found === undefined) throw new Error('an append to an unknown order');
      const tasks = action.task === undefined ? [] : [{ kind: action.task }];
      return await store.append({ ...found, version: action.version }, action.event, tasks).catch(reasonOf);
    }
    case 'claim':
    case 'renew':
      return await store[action.type](action.orderId, nowMs);
    case 'release':
      return await store.release(action.orderId);
    case 'claimDueTasks': {
      const claimed = await store.claimDueTasks(nowMs, 1000);
      for (const { taskId, orderId, kind } of claimed) names.learn(`${orderId} ${kind}`, taskId);
      return claimed.map(({ orderId, kind, tries }) => `${orderId} ${kind} ${tries}`).sort();
    }
    case 'taskFailed':
      return await store.taskFailed(names.idOf(action.task), nowMs + RETRY_PAUSE_MS);
    case 'taskDone':
    case 'taskDeadLettered':
      return await store[action.type](names.idOf(action.task));
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof DomainError) return error.reason;
  throw error;
}

/** The model after actions in this sequence, and the outcomes in the order of `actions`. */
function expectedAfter(model: Model, actions: readonly Action[], sequence: readonly Action[]) {
  let after = model;
  const byAction = new Map<Action, Outcome>();
  for (const action of sequence) {
    const [next, outcome] = act(after, action);
    after = next;
    byAction.set(action, outcome);
  }
  return { model: after, outcomes: actions.map((action) => byAction.get(action)) };
}

/** As `toEqual`: a field that is undefined equals an absent one. */
function isEqual(one: unknown, other: unknown): boolean {
  try {
    expect(one).toEqual(other);
    return true;
  } catch {
    return false;
  }
}

async function isSame(store: OrderStore, model: Model): Promise<boolean> {
  return await expectSame(store, model).then(
    () => true,
    () => false,
  );
}

/** What a replica reads is what the model contains. */
async function expectSame(store: OrderStore, model: Model): Promise<void> {
  const { orders, nowMs } = model;
  for (const each of orders) expect(await store.get(each.purchase.orderId)).toEqual(each);
  for (const userId of USERS) {
    const own = orders.filter(({ purchase }) => purchase.userId === userId).reverse();
    expect(await store.list(userId, { limit: 1000, afterOrderId: undefined })).toEqual(own);
    for (const key of KEYS) expect(await store.findByKey(userId, key)).toEqual(orderOfKey(model, userId, key));
  }
  const idsOf = (some: readonly Order[]): string[] => some.map(({ purchase }) => purchase.orderId).sort();
  const unfinished = orders.filter(isUnfinished);
  const unclaimed = unfinished.filter(({ purchase }) => !isLeased(model, purchase.orderId));
  expect(idsOf(await store.unfinished(nowMs, 1000))).toEqual(idsOf(unclaimed));
  const backlog = await store.backlog();
  expect({
    unfinished: [...backlog.unfinished.values()].reduce((sum, { count }) => sum + count, 0),
    tasks: backlog.tasksWaiting,
    deadLetters: backlog.tasksDeadLettered,
  }).toEqual({
    unfinished: unfinished.length,
    tasks: Object.keys(model.tasks).length,
    deadLetters: model.deadLetters.length,
  });
}

/** The model test of every order store: two replicas, with calls at the same time, and replicas that start again. */
export function itMatchesTheModel(open: () => Promise<ModelSubject>, runs: number): void {
  it('returns and contains what a simple model does, after any calls of two replicas that may crash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
        await using subject = await open();
        await run(subject, steps);
      }),
      { numRuns: runs },
    );
  });
}
