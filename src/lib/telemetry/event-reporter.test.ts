import { SpanKind } from '@opentelemetry/api';
import { logOnly } from '../log/log-line.ts';
import { recordSpans } from '../testing/recorded-spans.ts';
import { testRuntime } from '../testing/test-runtime.ts';
import { attr, businessEvent, counted, countedOnly, counterSpec } from './business-event.ts';
import { eventReporter } from './event-reporter.ts';
import { inSpan } from './in-span.ts';

const payments = counterSpec({
  name: 'payments_total',
  help: 'Payments.',
  labels: { outcome: ['made', 'CARD_EXPIRED'] },
});
const amounts = counterSpec({ name: 'amount_total', help: 'Amounts.', labels: {} });

const events = {
  made: businessEvent({
    message: 'payment made',
    level: 'info',
    when: 'A payment was made.',
    fields: {
      paymentId: attr('app.payment.id'),
      note: attr<string | undefined>('app.payment.note'),
      total: logOnly<string>(),
      amount: countedOnly<number>(),
    },
    counters: [counted(payments, { outcome: { value: 'made' } }), counted(amounts, {}, 'amount')],
  }),
  declined: businessEvent({
    message: 'payment declined',
    level: 'warn',
    when: 'A payment was declined.',
    fields: { reason: attr('app.error.reason') },
    counters: [counted(payments, { outcome: { field: 'reason' } })],
  }),
};

function reporter() {
  const { tracer, spans } = recordSpans();
  const runtime = testRuntime();
  const metrics = async (): Promise<string> => await runtime.metrics.registry.metrics();
  return { report: eventReporter(events, runtime), runtime, tracer, spans, metrics };
}

const MADE = { paymentId: 'p-1', note: undefined, total: '8.99', amount: 8.99 };

describe('a reported event', () => {
  it('is a log line with its declared fields, without those that only a counter reads', () => {
    const { report, runtime } = reporter();
    const withMore = { ...MADE, cardNumber: '4432801561520454' };
    report.made(withMore);
    expect(runtime.logs.lines).toHaveLength(1);
    const { time: _time, ...line } = runtime.logs.lines[0] ?? {};
    expect(line).toEqual({
      level: 'info',
      service: 'testservice',
      version: '0.0.0-test',
      msg: 'payment made',
      paymentId: 'p-1',
      total: '8.99',
    });
  });

  it('is an event of the active span with the attributes that its fields declare', async () => {
    const { report, tracer, spans } = reporter();
    await inSpan(tracer, { name: 'pay', kind: SpanKind.INTERNAL }, async () => report.made(MADE));
    expect(spans()[0]?.events).toMatchObject([{ name: 'payment made', attributes: { 'app.payment.id': 'p-1' } }]);
    expect(Object.keys(spans()[0]?.events[0]?.attributes ?? {})).toEqual(['app.payment.id']);
  });

  it('increments its counters by one or by the declared amount', async () => {
    const { report, metrics } = reporter();
    report.made(MADE);
    report.made(MADE);
    expect(await metrics()).toContain('payments_total{outcome="made",service="testservice"} 2\n');
    expect(await metrics()).toContain('amount_total{service="testservice"} 17.98\n');
  });

  it('takes the value of a label from a field, and counts an unknown value as _OTHER', async () => {
    const { report, metrics } = reporter();
    report.declined({ reason: 'CARD_EXPIRED' });
    report.declined({ reason: 'SOMETHING_NEW' });
    expect(await metrics()).toContain('payments_total{outcome="CARD_EXPIRED",service="testservice"} 1\n');
    expect(await metrics()).toContain('payments_total{outcome="_OTHER",service="testservice"} 1\n');
  });
});
