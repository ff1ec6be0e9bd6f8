import { type Attributes, trace } from '@opentelemetry/api';
import { logOnly } from '../log/log-line.ts';
import type { Logger } from '../log/logger.ts';
import { attribute } from './attributes.ts';

/** What an event is told with: names of log fields, and their values. Never what a shopper typed. */
export type EventFields = Readonly<Record<string, unknown>>;

/** Reports something that happened: as a line of the log, and as an event of the span that is worked for. */
export type ReportEvent = (level: 'info' | 'warn' | 'error', name: string, fields: EventFields) => void;

/** The fields that a span's event has too, and what they are called there. */
export const EVENT_ATTRIBUTES: Readonly<Record<string, string>> = {
  currency: 'app.currency',
  event: 'app.order.event',
  kind: 'app.mail.kind',
  lines: 'app.order.lines',
  orderId: 'app.order.id',
  part: 'app.page.part',
  productId: 'app.product.id',
  quantity: 'app.cart.quantity',
  reason: attribute.errorReason,
  state: 'app.order.state',
  step: 'app.order.step',
  task: 'app.task.kind',
  trackingId: 'app.tracking.id',
  transactionId: 'app.transaction.id',
  tries: 'app.task.tries',
};

/** Makes the reporter of a service's events. The name is constant, data is in fields. */
export function eventReporter(log: Logger): ReportEvent {
  return (level, name, fields) => {
    const declared = Object.fromEntries(Object.keys(fields).map((field) => [field, logOnly<unknown>()]));
    log.write({ message: name, level, when: '', fields: declared }, fields);
    trace.getActiveSpan()?.addEvent(name, attributesOf(fields));
  };
}

function attributesOf(fields: EventFields): Attributes {
  const attributes: Attributes = {};
  for (const [field, value] of Object.entries(fields)) {
    const name = EVENT_ATTRIBUTES[field];
    if (name !== undefined && (typeof value === 'string' || typeof value === 'number')) attributes[name] = value;
  }
  return attributes;
}
