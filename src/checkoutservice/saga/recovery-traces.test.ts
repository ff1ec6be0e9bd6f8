import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { attribute } from '../../lib/telemetry/attributes.ts';
import { inSpan } from '../../lib/telemetry/in-span.ts';
import { recordSpans } from '../../lib/testing/recorded-spans.ts';
import { openShop } from './shop.testing.ts';

describe('an order that is driven on after its call', () => {
  it('has a trace of its own, with a link to the trace of the click', async () => {
    const { tracer, spans } = recordSpans();
    const shop = openShop({ tracer });
    shop.fates.plan('charge', 'lost-after');
    shop.fates.plan('findCharge', 'lost-before');
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
      [attribute.orderId]: order.purchase.orderId,
      [attribute.orderState]: 'CONFIRMED',
    });
    expect(recovered[0]?.status.code).toBe(SpanStatusCode.UNSET);
    // What follows from it is part of it.
    const mail = spans().find(({ name }) => name === 'send-confirmation outbox');
    expect(mail?.spanContext().traceId).toBe(recovered[0]?.spanContext().traceId);
  });
});
