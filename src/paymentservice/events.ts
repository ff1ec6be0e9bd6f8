import { knownCurrencyCodes } from '../domain/currency-codes.ts';
import { type Money, toDecimal } from '../domain/money.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { eventReporter } from '../lib/telemetry/report-event.ts';
import { DECLINE_REASONS, type DeclineReason } from './charge.ts';

/** What happens in the payment service that the business wants to know of. Nothing here ever holds card data. */
export type PaymentEvents = {
  readonly chargeMade: (event: { transactionId: string; amount: Money }) => void;
  readonly chargeDeclined: (event: { reason: DeclineReason }) => void;
  readonly chargeRefunded: (event: { transactionId: string; amount: Money }) => void;
};

/** Reports the events of the payment service: counted, logged, and on the span of the call. */
export function paymentEvents({ log, metrics }: Pick<Runtime, 'log' | 'metrics'>): PaymentEvents {
  const report = eventReporter(log);
  const currency = knownCurrencyCodes();
  const charges = metrics.counter({
    name: 'mercato_charges_total',
    help: 'Charges by outcome: made, or the reason of the decline.',
    labels: { outcome: ['made', ...DECLINE_REASONS] },
  });
  const charged = metrics.counter({
    name: 'mercato_charged_amount_total',
    help: 'Money that was charged, in units of its currency.',
    labels: { currency },
  });
  const refunds = metrics.counter({ name: 'mercato_refunds_total', help: 'Refunds that were made.', labels: {} });
  const refunded = metrics.counter({
    name: 'mercato_refunded_amount_total',
    help: 'Money that was given back, in units of its currency.',
    labels: { currency },
  });
  return {
    chargeMade: ({ transactionId, amount }) => {
      charges.add({ outcome: 'made' });
      charged.add({ currency: amount.currency }, unitsOf(amount));
      report('info', 'charge made', { transactionId, currency: amount.currency });
    },
    chargeDeclined: (event) => {
      charges.add({ outcome: event.reason });
      report('info', 'charge declined', event);
    },
    chargeRefunded: ({ transactionId, amount }) => {
      refunds.add({});
      refunded.add({ currency: amount.currency }, unitsOf(amount));
      report('info', 'charge refunded', { transactionId, currency: amount.currency });
    },
  };
}

// A metric is a float by nature. It is looked at, and never booked.
function unitsOf(amount: Money): number {
  return Number(toDecimal(amount));
}
