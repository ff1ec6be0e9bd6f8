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
  it('is read once whenever somebody asks, and shown as it is then', async () => {
    const { metrics } = testRuntime();
    let reads = 0;
    const backlog = async (): Promise<Backlog> => {
      reads += 1;
      return { ...BACKLOG, needIntervention: reads };
    };
    measureBacklog(metrics, { backlog }, () => 10_000);
    for (let scrape = 1; scrape <= 2; scrape += 1) {
      const text = await metrics.registry.metrics();
      expect(reads).toBe(scrape);
      expect(text).toContain('mercato_orders_unfinished{state="PAID",service="testservice"} 2');
      expect(text).toContain('mercato_orders_unfinished{state="PLACED",service="testservice"} 0');
      expect(text).toContain('mercato_oldest_unfinished_order_age_seconds{state="PAID",service="testservice"} 6');
      expect(text).toContain(`mercato_orders_needing_intervention{service="testservice"} ${scrape}`);
      expect(text).toContain('mercato_outbox_tasks{state="waiting",service="testservice"} 5');
      expect(text).toContain('mercato_outbox_tasks{state="dead-lettered",service="testservice"} 1');
    }
  });

  it('is asked for again after it could not be read', async () => {
    const { metrics } = testRuntime();
    let isAway = true;
    const backlog = async (): Promise<Backlog> => {
      if (isAway) throw new Error('the store is away');
      return BACKLOG;
    };
    measureBacklog(metrics, { backlog }, () => 10_000);
    expect(await metrics.registry.metrics()).not.toMatch(/^mercato_o(?:rders|utbox|ldest)[a-z_]*[ {]/m);
    isAway = false;
    expect(await metrics.registry.metrics()).toContain('mercato_orders_needing_intervention{service="testservice"} 3');
  });
});
