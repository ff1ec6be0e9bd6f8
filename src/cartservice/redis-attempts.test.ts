import { SpanKind } from '@opentelemetry/api';
import { inSpan } from '../lib/telemetry/in-span.ts';
import { recordSpans } from '../lib/testing/recorded-spans.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import { redisAttempts } from './redis-attempts.ts';

describe('a command to Redis', () => {
  it.each([
    ['succeeds', async () => 1],
    ['fails', () => Promise.reject(new Error('away'))],
  ])('has its own span as the exemplar of its duration when it %s', async (_what, command) => {
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

  it('has neither a span nor an exemplar outside of a call', async () => {
    const { tracer, spans } = recordSpans();
    const { metrics } = testRuntime();
    expect(await redisAttempts({ tracer, metrics })({ command: 'HGETALL' }, async () => 7)).toBe(7);
    expect(spans()).toEqual([]);
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/db_client_operation_duration_seconds_count\{.*outcome="ok".*\} 1/);
    expect(text).not.toContain('# {');
  });
});
