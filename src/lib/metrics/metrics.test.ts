import { TraceFlags } from '@opentelemetry/api';
import { testRuntime } from '../testing/test-runtime.ts';
import { type Metrics, serviceMetrics, single } from './metrics.ts';

const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const metrics = (): Metrics => serviceMetrics({ service: 'testservice', version: '1.2.3' });

async function linesOf({ registry }: Metrics, name: string): Promise<string[]> {
  return (await registry.metrics()).split('\n').filter((line) => line.startsWith(name));
}

describe('the metrics of a service', () => {
  it('have its name as a label and expose its version', async () => {
    expect(await linesOf(metrics(), 'mercato_build_info')).toEqual([
      'mercato_build_info{version="1.2.3",service="testservice"} 1',
    ]);
  });

  it('cannot be declared twice under one name', () => {
    const all = metrics();
    const spec = { name: 'things_total', help: 'Things.', labels: {} };
    all.counter(spec);
    expect(() => all.counter(spec)).toThrow('already been registered');
  });

  it('have no more series than their labels have declared values, whatever values are recorded', async () => {
    const all = metrics();
    const labels = { colour: ['red', 'green'], size: ['s', 'm'] };
    const counter = all.counter({ name: 'shirts_total', help: 'Shirts.', labels });
    const histogram = all.histogram({ name: 'shirt_seconds', help: 'Shirts.', labels, buckets: [1] });
    for (let n = 0; n < 1000; n += 1) {
      counter.add({ colour: `colour-${n}`, size: `size-${n}` });
      histogram.observe({ colour: `colour-${n}`, size: 's' }, 0.5);
    }
    counter.add({ colour: 'red', size: 'm' }, 7);
    const lines = await linesOf(all, 'shirts_total');
    expect(lines).toHaveLength(5);
    expect(lines).toContain('shirts_total{colour="_OTHER",size="_OTHER",service="testservice"} 1000');
    expect(lines).toContain('shirts_total{colour="red",size="m",service="testservice"} 7');
    expect(await linesOf(all, 'shirt_seconds_count')).toEqual([
      'shirt_seconds_count{service="testservice",colour="_OTHER",size="s"} 1000',
    ]);
  });

  it('initialise the series of a counter to 0 when there are few, and create them on first use when there are many', async () => {
    const all = metrics();
    all.counter({ name: 'few_total', help: 'Few.', labels: { outcome: ['ok', 'failed'] } });
    const many = Array.from({ length: 200 }, (_, index) => `value-${index}`);
    all.counter({ name: 'many_total', help: 'Many.', labels: { value: many } }).add({ value: 'value-7' });
    expect(await linesOf(all, 'few_total')).toHaveLength(2);
    expect(await linesOf(all, 'many_total')).toEqual(['many_total{value="value-7",service="testservice"} 1']);
  });

  it('initialise only the series of a histogram that its declaration lists', async () => {
    const all = metrics();
    const labels = { route: ['/', '/cart'] };
    all.histogram({ name: 'page_seconds', help: 'Pages.', labels, buckets: [1], shown: [{ route: '/cart' }] });
    expect(await linesOf(all, 'page_seconds_count')).toEqual([
      'page_seconds_count{service="testservice",route="/cart"} 0',
    ]);
  });

  it('read a gauge on each scrape and remove series that it no longer returns', async () => {
    const all = metrics();
    let readings = [
      { labels: { state: 'up' }, value: 2 },
      { labels: { state: 'down' }, value: 1 },
    ];
    all.gauge({ name: 'upstreams', help: 'Upstreams.', labels: { state: ['up', 'down'] } }, () => readings);
    expect(await linesOf(all, 'upstreams')).toHaveLength(2);
    readings = [{ labels: { state: 'up' }, value: 3 }];
    expect(await linesOf(all, 'upstreams')).toEqual(['upstreams{state="up",service="testservice"} 3']);
    all.gauge({ name: 'depth', help: 'Depth.', labels: {} }, async () => single(4));
    expect(await linesOf(all, 'depth')).toEqual(['depth{service="testservice"} 4']);
  });

  it('omit a gauge that cannot be read, count each failed read, and log the cause once per outage', async () => {
    const { log, logs } = testRuntime();
    const all = serviceMetrics({ service: 'testservice', version: '1.2.3', log });
    let isUnavailable = true;
    all.gauge({ name: 'depth', help: 'Depth.', labels: {} }, async () => {
      if (isUnavailable) throw new Error('the store is unavailable');
      return single(4);
    });
    all.gauge({ name: 'tasks', help: 'Tasks.', labels: { state: ['waiting'] } }, () => {
      throw new Error('a bug');
    });
    all.gauge({ name: 'hung', help: 'Hung.', labels: {} }, () => new Promise(() => {}));
    all.gauge({ name: 'sound', help: 'Sound.', labels: {} }, () => single(1));
    for (let scrape = 0; scrape < 2; scrape += 1) {
      const text = await all.registry.metrics();
      expect(text).toContain('sound{service="testservice"} 1');
      expect(text).not.toMatch(/^(?:depth|tasks|hung)[ {]/m);
    }
    isUnavailable = false;
    expect(await linesOf(all, 'depth')).toEqual(['depth{service="testservice"} 4']);
    const failed = await linesOf(all, 'mercato_metric_reads_failed_total');
    const of = (metric: string) =>
      failed
        .find((line) => line.includes(`metric="${metric}"`))
        ?.split(' ')
        .at(-1);
    expect(['depth', 'tasks', 'sound'].map(of)).toEqual(['2', '3', '0']);
    expect(logs.lines.map(({ level, msg, metric }) => [level, msg, metric])).toEqual([
      ['warn', 'gauge could not be read', 'tasks'],
      ['warn', 'gauge could not be read', 'depth'],
      ['warn', 'gauge could not be read', 'hung'],
    ]);
    expect(logs.text()).toContain('no response within 500 ms');
  });

  it('have an exemplar in the bucket of a value whose trace is sampled', async () => {
    const all = metrics();
    const histogram = all.histogram({ name: 'call_seconds', help: 'Calls.', labels: {}, buckets: [1, 2] });
    histogram.observe({}, 0.5, { ...SPAN, traceFlags: TraceFlags.SAMPLED });
    histogram.observe({}, 1.5, { ...SPAN, traceFlags: TraceFlags.NONE });
    const [first, second] = await linesOf(all, 'call_seconds_bucket');
    expect(first).toContain(`# {trace_id="${SPAN.traceId}",span_id="${SPAN.spanId}"} 0.5 `);
    expect(second).not.toContain('#');
  });
});
