import { SpanKind } from '@opentelemetry/api';
import { inSpan } from '../lib/telemetry/in-span.ts';
import { recordSpans } from '../lib/testing/recorded-spans.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import { redisAttempts } from './redis-attempts.ts';

describe('what Redis is asked', () => {
  it.each([
    ['answers', async () => 1],
    ['fails', () => Promise.reject(new Error('away'))],
  ])('leads from its time to its own span, whether it %s', async (_what, command) => {
    const { tracer, spans } = recordSpans();
    const { metrics } = testRuntime();
    const attempt = redisAttempts({ tracer, metrics });
    await inSpan(tracer, { name: 'call', kind: SpanKind.SERVER }, () =>
      attempt({ command: 'HGETALL' }, command).catch(() => {}),
    );
    const { traceId, spanId } =
      spans()
        .find(({ name }) => name === 'HGETALL')
        ?.spanContext() ?? {};
    expect(await metrics.registry.metrics()).toContain(`# {trace_id="${traceId}",span_id="${spanId}"}`);
  });

  it('has no span, and so leads to none, when it is below no call', async () => {
    const { tracer, spans } = recordSpans();
    const { metrics } = testRuntime();
    expect(await redisAttempts({ tracer, metrics })({ command: 'HGETALL' }, async () => 7)).toBe(7);
    expect(spans()).toEqual([]);
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/db_client_operation_duration_seconds_count\{.*outcome="ok".*\} 1/);
    expect(text).not.toContain('# {');
  });
});
