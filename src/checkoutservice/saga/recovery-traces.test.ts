import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { appAttribute } from '../../domain/attributes.ts';
import { attribute } from '../../lib/telemetry/attributes.ts';
import { inSpan } from '../../lib/telemetry/in-span.ts';
import { recordSpans } from '../../lib/testing/recorded-spans.ts';
import { openShop } from './shop.testing.ts';

describe('an order that is resumed after PlaceOrder returned', () => {
  it('starts a new trace with a link to the trace of PlaceOrder', async () => {
    const { tracer, spans } = recordSpans();
    const shop = openShop({ tracer });
    shop.calls.plan('charge', 'lost-after', 'lost-before', 'lost-before', 'lost-before');
    shop.calls.plan('findCharge', 'lost-before');
    const order = await inSpan(tracer, { name: 'click', kind: SpanKind.SERVER }, () => shop.place());
    expect(order.state).toBe('PLACED');
    await shop.sweepUntilQuiet();
    const click = spans().find(({ name }) => name === 'click');
    const recovered = spans().filter(({ name }) => name === 'recover order');
    expect(recovered).toHaveLength(1);
    expect(recovered[0]?.parentSpanContext).toBeUndefined();
    const linked = recovered[0]?.links.map(({ context: { traceId, spanId } }) => ({ traceId, spanId }));
    const { traceId, spanId } = click?.spanContext() ?? {};
    expect(linked).toEqual([{ traceId, spanId }]);
    expect(recovered[0]?.attributes).toMatchObject({
      [appAttribute.orderId]: order.purchase.orderId,
      [appAttribute.orderState]: 'CONFIRMED',
    });
    expect(recovered[0]?.status.code).toBe(SpanStatusCode.UNSET);
    // The mail of the order belongs to the same trace.
    const mail = spans().find(({ name }) => name === 'send-confirmation outbox');
    expect(mail?.spanContext().traceId).toBe(recovered[0]?.spanContext().traceId);
  });
});

describe('a failure after PlaceOrder returned', () => {
  /** The spans of this name, and the ids by which a line of the log names one. */
  const named = (spans: readonly ReadableSpan[], name: string) =>
    spans
      .filter((span) => span.name === name)
      .map((span) => ({ span, ids: { trace_id: span.spanContext().traceId, span_id: span.spanContext().spanId } }));

  it('reports a retried and a dead-lettered task in the span of the attempt', async () => {
    const { tracer, spans } = recordSpans();
    const shop = openShop({ tracer });
    shop.calls.plan('sendConfirmation', 'lost-before', 'refused');
    await inSpan(tracer, { name: 'click', kind: SpanKind.SERVER }, () => shop.place());
    await shop.sweepUntilQuiet();
    const [first, second, ...others] = named(spans(), 'send-confirmation outbox');
    expect(others).toEqual([]);
    expect(shop.logged('task failed')).toEqual([expect.objectContaining(first?.ids)]);
    expect(shop.logged('task dead-lettered')).toEqual([expect.objectContaining(second?.ids)]);
    const events = [first, second].map((one) => one?.span.events.map(({ name, attributes }) => [name, attributes]));
    const { orderId } = (await shop.orders())[0]?.purchase ?? {};
    const task = { [appAttribute.orderId]: orderId, [appAttribute.taskKind]: 'send-confirmation' };
    expect(events).toEqual([
      [['task failed', { ...task, [appAttribute.taskTries]: 1 }]],
      [['task dead-lettered', { ...task, [appAttribute.taskTries]: 2 }]],
    ]);
    for (const one of [first, second]) {
      expect(one?.span.status.code).toBe(SpanStatusCode.ERROR);
      expect(one?.span.attributes[attribute.errorType]).toBe('UpstreamError');
    }
  });

  it('reports an unfinished order at shutdown in a trace with a link to the trace of PlaceOrder', async () => {
    const { tracer, spans } = recordSpans();
    const shop = openShop({ tracer });
    shop.calls.plan('ship', 'refused');
    shop.calls.plan('refund', 'lost-before', 'lost-before');
    const order = await inSpan(tracer, { name: 'click', kind: SpanKind.SERVER }, () => shop.place());
    await shop.recover.lastSweep();
    const [left, ...others] = named(spans(), 'release order');
    expect(others).toEqual([]);
    expect(shop.logged('order unfinished at shutdown')).toEqual([expect.objectContaining(left?.ids)]);
    expect(left?.span.events.map(({ name }) => name)).toEqual(['order unfinished at shutdown']);
    expect(left?.span.attributes).toEqual({
      [appAttribute.orderId]: order.purchase.orderId,
      [appAttribute.orderState]: 'REFUNDING',
    });
    const [click] = named(spans(), 'click');
    expect(left?.span.links.map((link) => link.context.spanId)).toEqual([click?.ids.span_id]);
    expect(left?.ids.trace_id).not.toBe(click?.ids.trace_id);
  });
});
