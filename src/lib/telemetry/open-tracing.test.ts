import { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace-node';
import { spanCounts } from '../testing/span-counts.ts';
import { testRuntime } from '../testing/test-runtime.ts';
import { tracingThrough } from './open-tracing.ts';
import { innerSampler } from './sampler.ts';

const TICK_MS = 10;

/** Traces through a collector that does with each batch what the test says, some time after it came. */
function tracingInto(answer: 'takes it' | 'fails' | 'hangs', afterMs: number) {
  let underWay = 0;
  const exporter: SpanExporter = {
    export: (spans, done) => {
      underWay += spans.length;
      if (answer === 'hangs') return;
      setTimeout(() => {
        underWay -= spans.length;
        done(
          answer === 'takes it'
            ? { code: ExportResultCode.SUCCESS }
            : { code: ExportResultCode.FAILED, error: new Error('503') },
        );
      }, afterMs);
    },
    shutdown: async () => {},
  };
  const { metrics } = testRuntime();
  const options = { service: 'testservice', version: '1', metrics, sampler: innerSampler(1) };
  const tracing = tracingThrough([{ name: 'otlp', exporter }], options);
  const work = async ({ spansPerSecond, seconds }: { spansPerSecond: number; seconds: number }): Promise<number> => {
    let mostHeld = 0;
    for (let ms = 0; ms < seconds * 1000; ms += TICK_MS) {
      for (let n = 0; n < (spansPerSecond * TICK_MS) / 1000; n += 1) tracing.tracer.startSpan('span').end();
      await jest.advanceTimersByTimeAsync(TICK_MS);
      if (ms % 1000 === 0) mostHeld = Math.max(mostHeld, underWay + (await spanCounts(metrics)).waiting);
    }
    return mostHeld;
  };
  return { tracing, work, counts: () => spanCounts(metrics), underWay: () => underWay };
}

describe('the spans of a service', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('are not lost at 4,000 a second, which is 500 pages, to a collector that takes 400 ms for a batch', async () => {
    const { work, counts } = tracingInto('takes it', 400);
    await work({ spansPerSecond: 4000, seconds: 10 });
    await jest.advanceTimersByTimeAsync(5000);
    expect(await counts()).toEqual({ exported: 40_000, queue_full: 0, export_failed: 0, waiting: 0 });
  });

  it.each([
    // Long enough for the first batch to run into the time limit of an export.
    ['hangs', 0, 30],
    ['fails', 5000, 10],
  ] as const)(
    'are buffered up to a bound and dropped beyond it when the collector %s',
    async (answer, afterMs, seconds) => {
      const { work, counts, underWay } = tracingInto(answer, afterMs);
      const mostHeld = await work({ spansPerSecond: 4000, seconds });
      expect(mostHeld).toBeGreaterThan(8192);
      expect(mostHeld).toBeLessThanOrEqual(18_432);
      const { exported, waiting, ...lost } = await counts();
      expect(exported).toBe(0);
      expect(Object.values(lost).every((count) => count > 0)).toBe(true);
      if (answer === 'fails') expect(lost.queue_full + lost.export_failed + waiting + underWay()).toBe(40_000);
    },
  );

  it('are all sent at the end, also those of a full buffer beside a batch that is under way', async () => {
    const { tracing, counts } = tracingInto('takes it', 1500);
    for (let n = 0; n < 2048 + 8192; n += 1) tracing.tracer.startSpan('span').end();
    const ended = tracing[Symbol.asyncDispose]();
    await jest.advanceTimersByTimeAsync(1600);
    await ended;
    expect(await counts()).toMatchObject({ exported: 2048 + 8192, queue_full: 0, export_failed: 0 });
  });

  it('keep the end waiting until they have arrived, and no longer than two seconds', async () => {
    const { tracing, counts } = tracingInto('takes it', 1900);
    tracing.tracer.startSpan('span').end();
    await jest.advanceTimersByTimeAsync(1000);
    let hasEnded = false;
    const ended = tracing[Symbol.asyncDispose]().then(() => {
      hasEnded = true;
    });
    await jest.advanceTimersByTimeAsync(1890);
    expect(hasEnded).toBe(false);
    await jest.advanceTimersByTimeAsync(20);
    await ended;
    expect(await counts()).toMatchObject({ exported: 1 });

    const slow = tracingInto('hangs', 0);
    slow.tracing.tracer.startSpan('span').end();
    const gaveUp = slow.tracing[Symbol.asyncDispose]();
    await jest.advanceTimersByTimeAsync(2000);
    await gaveUp;
  });
});
