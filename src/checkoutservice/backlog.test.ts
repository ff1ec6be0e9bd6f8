import { testRuntime } from '../lib/testing/test-runtime.ts';
import { measureBacklog } from './backlog.ts';
import type { Backlog } from './store/order-store.ts';

const BACKLOG: Backlog = {
  unfinished: new Map([['PAID', { count: 2, oldestPlacedMs: 4000 }]]),
  needIntervention: 3,
  tasksWaiting: 5,
  tasksDeadLettered: 1,
};

describe('the backlog as metrics', () => {
  it('is read once per scrape, and each scrape shows the current values', async () => {
    const { metrics } = testRuntime();
    let reads = 0;
    const backlog = async (): Promise<Backlog> => {
      reads += 1;
      return { ...BACKLOG, needIntervention: reads };
    };
    measureBacklog(metrics, { backlog, projectionLag: async () => 4 }, () => 10_000);
    for (let scrape = 1; scrape <= 2; scrape += 1) {
      const text = await metrics.registry.metrics();
      expect(reads).toBe(scrape);
      expect(text).toContain('mercato_orders_unfinished{state="PAID",service="testservice"} 2');
      expect(text).toContain('mercato_orders_unfinished{state="PLACED",service="testservice"} 0');
      expect(text).toContain('mercato_oldest_unfinished_order_age_seconds{state="PAID",service="testservice"} 6');
      expect(text).toContain(`mercato_orders_needing_intervention{service="testservice"} ${scrape}`);
      expect(text).toContain('mercato_outbox_tasks{state="waiting",service="testservice"} 5');
      expect(text).toContain('mercato_outbox_tasks{state="dead-lettered",service="testservice"} 1');
      expect(text).toContain('mercato_order_projection_lag_events{service="testservice"} 4');
    }
  });

  it('is read again by the next scrape after a failed read', async () => {
    const { metrics } = testRuntime();
    let isUnavailable = true;
    const backlog = async (): Promise<Backlog> => {
      if (isUnavailable) throw new Error('the store is unavailable');
      return BACKLOG;
    };
    measureBacklog(metrics, { backlog, projectionLag: async () => 4 }, () => 10_000);
    expect(await metrics.registry.metrics()).not.toMatch(/^mercato_(?:orders|outbox|oldest)_[a-z_]*[ {]/m);
    isUnavailable = false;
    expect(await metrics.registry.metrics()).toContain('mercato_orders_needing_intervention{service="testservice"} 3');
  });
});
