import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { DomainError } from '../errors.ts';
import { recordSpans } from '../testing/recorded-spans.ts';
import { inSpan } from './in-span.ts';

const begin = { name: 'work', kind: SpanKind.INTERNAL };

describe('inSpan', () => {
  it('keeps its span active across every await, and spans started inside are its children', async () => {
    const { tracer, spans } = recordSpans();
    await inSpan(tracer, begin, async (span) => {
      await new Promise((resolve) => setImmediate(resolve));
      expect(trace.getActiveSpan()).toBe(span);
      await inSpan(tracer, { ...begin, name: 'part' }, async () => {});
    });
    const [part, whole] = spans();
    expect(part?.parentSpanContext?.spanId).toBe(whole?.spanContext().spanId);
    expect(whole?.status.code).toBe(SpanStatusCode.UNSET);
    expect(trace.getActiveSpan()).toBeUndefined();
  });

  it.each([
    [new DomainError('unavailable', 'MAIL_UNAVAILABLE', 'not to ann@example.com'), 'DomainError', 'MAIL_UNAVAILABLE'],
    [new TypeError('a bug about ann@example.com'), 'TypeError', undefined],
    ['thrown text of ann@example.com', '_OTHER', undefined],
  ])('records the type of an error and never its message: %#', async (error, type, reason) => {
    const { tracer, spans } = recordSpans();
    const work = inSpan(tracer, begin, async () => {
      throw error;
    });
    await expect(work).rejects.toBe(error);
    const [span] = spans();
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span?.attributes).toEqual({
      'error.type': type,
      ...(reason === undefined ? {} : { 'app.error.reason': reason }),
    });
    expect(span?.events).toEqual([]);
  });
});
