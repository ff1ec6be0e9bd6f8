import { readExposition } from './exposition.ts';
import { serviceMetrics } from './metrics.ts';

describe('readExposition', () => {
  it('reads the samples that the registry wrote, with labels and exemplars', async () => {
    const metrics = serviceMetrics({ service: 'shop', version: '1' });
    const labels = { route: ['/product/:id', 'a "b" \\ c'] };
    metrics.counter({ name: 'things_total', help: 'With {braces} "quotes".', labels }).add({ route: 'a "b" \\ c' }, 2);
    const histogram = metrics.histogram({ name: 'call_seconds', help: 'Calls.', labels: {}, buckets: [1] });
    histogram.observe({}, 0.5, {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: 1,
    });
    const samples = readExposition(await metrics.registry.metrics());
    expect(samples).toContainEqual({
      name: 'things_total',
      labels: { service: 'shop', route: 'a "b" \\ c' },
      value: 2,
      traceId: undefined,
    });
    expect(samples).toContainEqual({
      name: 'call_seconds_bucket',
      labels: { service: 'shop', le: '1' },
      value: 1,
      traceId: '0af7651916cd43dd8448eb211c80319c',
    });
    expect(samples.find(({ labels: { le } }) => le === '+Inf')?.value).toBe(1);
  });

  it('skips lines that are not samples', () => {
    expect(readExposition('# HELP a b\n\n<html>\na{b="c" 1\nup 1\nhigh +Inf\n')).toEqual([
      { name: 'up', labels: {}, value: 1, traceId: undefined },
      { name: 'high', labels: {}, value: Number.POSITIVE_INFINITY, traceId: undefined },
    ]);
  });
});
