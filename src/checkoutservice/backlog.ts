import { type Metrics, single } from '../lib/metrics/metrics.ts';
import type { OrderState } from './order/order.ts';
import type { Backlog, OrderStore } from './store/order-store.ts';

const MOVING: readonly OrderState[] = ['PLACED', 'PAID', 'SHIPPED', 'REFUNDING'];

/** Shows what is not at its end as metrics, read from the store whenever somebody asks: once for all of them. */
export function measureBacklog(metrics: Metrics, store: Pick<OrderStore, 'backlog'>, now: () => number): void {
  let reading: Promise<Backlog> | undefined;
  const backlog = (): Promise<Backlog> => {
    reading ??= store.backlog().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  metrics.gauge(
    {
      name: 'mercato_orders_unfinished',
      help: 'Orders that are to be driven on, by how they stand.',
      labels: { state: MOVING },
    },
    async () => {
      const { unfinished } = await backlog();
      return MOVING.map((state) => ({ labels: { state }, value: unfinished.get(state)?.count ?? 0 }));
    },
  );
  metrics.gauge(
    {
      name: 'mercato_oldest_unfinished_order_age_seconds',
      help: 'Time since the oldest order that stands like this was placed; 0 when there is none.',
      labels: { state: MOVING },
    },
    async () => {
      const { unfinished } = await backlog();
      const ageOf = (state: OrderState): number => now() - (unfinished.get(state)?.oldestPlacedMs ?? now());
      return MOVING.map((state) => ({ labels: { state }, value: ageOf(state) / 1000 }));
    },
  );
  metrics.gauge(
    { name: 'mercato_orders_needing_person', help: 'Orders that only a person can bring further.', labels: {} },
    async () => single((await backlog()).needPerson),
  );
  metrics.gauge(
    {
      name: 'mercato_outbox_tasks',
      help: 'Tasks in the outbox: to be done, or set aside after too many tries.',
      labels: { state: ['waiting', 'set-aside'] },
    },
    async () => {
      const { tasksWaiting, tasksSetAside } = await backlog();
      return [
        { labels: { state: 'waiting' }, value: tasksWaiting },
        { labels: { state: 'set-aside' }, value: tasksSetAside },
      ];
    },
  );
}
