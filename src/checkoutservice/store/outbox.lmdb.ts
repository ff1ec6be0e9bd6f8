import type { EmbeddedDatabase } from '../../lib/store/embedded-database.ts';
import type { NewTask, OutboxTask } from './order-store.ts';

type Task = OutboxTask & { readonly dueAtMs: number };

/** The tables of the outbox. Functions that change them run inside of a transaction. */
export type Outbox = ReturnType<typeof openOutbox>;

export function openOutbox(database: Pick<EmbeddedDatabase, 'table'>, newId: () => string) {
  const tasks = database.table<Task>('tasks');
  const dueTasks = database.table<true>('due-tasks');
  const deadLetters = database.table<Task>('dead-letters');

  const put = (task: Task): void => {
    tasks.put([task.taskId], task);
    dueTasks.put([task.dueAtMs, task.taskId], true);
  };

  const take = (taskId: string): Task | undefined => {
    const task = tasks.get([taskId]);
    if (task === undefined) return undefined;
    tasks.remove([taskId]);
    dueTasks.remove([task.dueAtMs, taskId]);
    return task;
  };

  return {
    put,
    take,
    add: (orderId: string, task: NewTask, dueAtMs: number): void =>
      put({ ...task, taskId: newId(), orderId, tries: 0, dueAtMs }),
    hasDue: (nowMs: number): boolean => dueTasks.entries([], { through: [nowMs], limit: 1 }).length > 0,
    takeDue: (nowMs: number, limit: number): readonly Task[] =>
      dueTasks
        .entries([], { through: [nowMs], limit })
        .flatMap(({ key: [, taskId = ''] }) => take(String(taskId)) ?? []),
    deadLetter: (task: Task): void => deadLetters.put([task.taskId], task),
    deadLetters: (): readonly OutboxTask[] => deadLetters.entries().map(({ value }) => value),
    takeDeadLetter: (taskId: string): Task | undefined => {
      const task = deadLetters.get([taskId]);
      if (task !== undefined) deadLetters.remove([taskId]);
      return task;
    },
    waitingCount: (): number => tasks.count(),
    deadLetterCount: (): number => deadLetters.count(),
  };
}
