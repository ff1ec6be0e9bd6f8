import { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace-node';
import { spanCounts } from '../testing/span-counts.ts';
import { testRuntime } from '../testing/test-runtime.ts';
import { tracingThrough } from './open-tracing.ts';
import { innerSampler } from './sampler.ts';

const TICK_MS = 10;

/** Tracing with a collector that accepts, fails or never answers each batch, `afterMs` after it arrived. */
function tracingInto(response: 'accepts' | 'fails' | 'hangs', afterMs: number) {
  let exporting = 0;
  const exporter: SpanExporter = {
    export: (spans, done) => {
      exporting += spans.length;
      if (response === 'hangs') return;
      setTimeout(() => {
        exporting -= spans.length;
        done(
          response === 'accepts'
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
    let maxHeld = 0;
    for (let ms = 0; ms < seconds * 1000; ms += TICK_MS) {
      for (let n = 0; n < (spansPerSecond * TICK_MS) / 1000; n += 1) tracing.tracer.startSpan('span').end();
      await jest.advanceTimersByTimeAsync(TICK_MS);
      if (ms % 1000 === 0) maxHeld = Math.max(maxHeld, exporting + (await spanCounts(metrics)).waiting);
    }
    return maxHeld;
  };
  return { tracing, work, counts: () => spanCounts(metrics), exporting: () => exporting };
}

describe('the spans of a service', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('are all exported at 4,000 spans per second (500 pages) to a collector that needs 400 ms per batch', async () => {
    const { work, counts } = tracingInto('accepts', 400);
    await work({ spansPerSecond: 4000, seconds: 5 });
    await jest.advanceTimersByTimeAsync(5000);
    expect(await counts()).toEqual({ exported: 20_000, queue_full: 0, export_failed: 0, waiting: 0 });
  });

  it.each([
    // Longer than the time limit of an export, so that the first batch fails.
    ['hangs', 0, 2000, 30],
    ['fails', 5000, 4000, 10],
  ] as const)(
    'are buffered up to a bound and dropped beyond it when the collector %s',
    async (response, afterMs, spansPerSecond, seconds) => {
      const { work, counts, exporting } = tracingInto(response, afterMs);
      const maxHeld = await work({ spansPerSecond, seconds });
      expect(maxHeld).toBeGreaterThan(8192);
      expect(maxHeld).toBeLessThanOrEqual(18_432);
      const { exported, waiting, ...lost } = await counts();
      expect(exported).toBe(0);
      expect(Object.values(lost).every((count) => count > 0)).toBe(true);
      if (response === 'fails') expect(lost.queue_full + lost.export_failed + waiting + exporting()).toBe(40_000);
    },
  );

  it('are all exported at shutdown, even with a full buffer and a batch in flight', async () => {
    const { tracing, counts } = tracingInto('accepts', 1500);
    for (let n = 0; n < 2048 + 8192; n += 1) tracing.tracer.startSpan('span').end();
    const ended = tracing[Symbol.asyncDispose]();
    await jest.advanceTimersByTimeAsync(1600);
    await ended;
    expect(await counts()).toMatchObject({ exported: 2048 + 8192, queue_full: 0, export_failed: 0 });
  });

  it('delay the shutdown until they are exported, for at most two seconds', async () => {
    const { tracing, counts } = tracingInto('accepts', 1900);
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
