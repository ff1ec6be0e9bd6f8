import { type Metrics, single } from '../lib/metrics/metrics.ts';
import type { OrderStateName } from '../order-state.ts';
import type { Backlog, OrderStore } from './store/order-store.ts';

const MOVING: readonly OrderStateName[] = ['PLACED', 'PAID', 'SHIPPED', 'REFUNDING'];

/** Registers gauges of unfinished work. Each scrape reads the backlog once for all of them. */
export function measureBacklog(
  metrics: Metrics,
  store: Pick<OrderStore, 'backlog' | 'projectionLag'>,
  now: () => number,
): void {
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
      help: 'Orders without a final state, by state.',
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
      help: 'Time since the oldest order of this state was placed; 0 without such an order.',
      labels: { state: MOVING },
    },
    async () => {
      const { unfinished } = await backlog();
      const ageOf = (state: OrderStateName): number => now() - (unfinished.get(state)?.oldestPlacedMs ?? now());
      return MOVING.map((state) => ({ labels: { state }, value: ageOf(state) / 1000 }));
    },
  );
  metrics.gauge(
    { name: 'mercato_orders_needing_intervention', help: 'Orders that need manual intervention.', labels: {} },
    async () => single((await backlog()).needIntervention),
  );
  metrics.gauge(
    {
      name: 'mercato_outbox_tasks',
      help: 'Tasks in the outbox: waiting, or dead-lettered.',
      labels: { state: ['waiting', 'dead-lettered'] },
    },
    async () => {
      const { tasksWaiting, tasksDeadLettered } = await backlog();
      return [
        { labels: { state: 'waiting' }, value: tasksWaiting },
        { labels: { state: 'dead-lettered' }, value: tasksDeadLettered },
      ];
    },
  );
  metrics.gauge(
    {
      name: 'mercato_order_projection_lag_events',
      help: 'Stored events that the rows which order pages read do not include yet.',
      labels: {},
    },
    async () => single(await store.projectionLag()),
  );
}
