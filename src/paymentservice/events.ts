import { appAttribute } from '../domain/attributes.ts';
import { knownCurrencyCodes } from '../domain/currency-codes.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { attribute } from '../lib/telemetry/attributes.ts';
import { attr, businessEvent, counted, countedOnly, counterSpec } from '../lib/telemetry/business-event.ts';
import { type EventReporter, eventReporter } from '../lib/telemetry/event-reporter.ts';
import { type DeclineReason, declineReasons } from '../reasons.ts';

const charges = counterSpec({
  name: 'mercato_charges_total',
  help: 'Charge attempts by outcome: `made`, or the reason of the decline.',
  labels: { outcome: ['made', ...declineReasons] },
});

const chargedAmount = counterSpec({
  name: 'mercato_charged_amount_total',
  help: 'Charged amounts, in units of the currency.',
  labels: { currency: knownCurrencyCodes() },
});

const refunds = counterSpec({ name: 'mercato_refunds_total', help: 'Refunds that were made.', labels: {} });

const refundedAmount = counterSpec({
  name: 'mercato_refunded_amount_total',
  help: 'Refunded amounts, in units of the currency.',
  labels: { currency: knownCurrencyCodes() },
});

const chargeFields = {
  transactionId: attr(appAttribute.transactionId),
  currency: attr(appAttribute.currency),
  // In units of the currency. A metric is a floating-point number: it is for charts, never for accounting.
  amount: countedOnly<number>(),
};

/** The business events of the payment service. None contains card data. */
export const events = {
  chargeMade: businessEvent({
    message: 'charge made',
    level: 'info',
    when: 'A card was charged.',
    fields: chargeFields,
    counters: [
      counted(charges, { outcome: { value: 'made' } }),
      counted(chargedAmount, { currency: { field: 'currency' } }, 'amount'),
    ],
  }),
  chargeDeclined: businessEvent({
    message: 'charge declined',
    level: 'info',
    when: 'A card was declined.',
    fields: { reason: attr<DeclineReason>(attribute.errorReason) },
    counters: [counted(charges, { outcome: { field: 'reason' } })],
  }),
  chargeRefunded: businessEvent({
    message: 'charge refunded',
    level: 'info',
    when: 'A charge was refunded.',
    fields: chargeFields,
    counters: [counted(refunds, {}), counted(refundedAmount, { currency: { field: 'currency' } }, 'amount')],
  }),
};

/** Reports the business events of the payment service. */
export type PaymentEvents = EventReporter<typeof events>;

/** Makes the reporter of the payment service. */
export function paymentEvents(runtime: Pick<Runtime, 'log' | 'metrics'>): PaymentEvents {
  return eventReporter(events, runtime);
}
