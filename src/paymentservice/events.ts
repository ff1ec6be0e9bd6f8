import type { Logger } from '../lib/logger.ts';
import type { DeclineReason } from './charge.ts';

/** What happens in the payment service that the business wants to know of. Nothing here ever holds card data. */
export type PaymentEvents = {
  readonly chargeMade: (event: { transactionId: string; currency: string }) => void;
  readonly chargeDeclined: (event: { reason: DeclineReason }) => void;
  readonly chargeRefunded: (event: { transactionId: string; currency: string }) => void;
};

/** Reports the events of the payment service. */
export function paymentEvents(log: Logger): PaymentEvents {
  return {
    chargeMade: (event) => log.info(event, 'charge made'),
    chargeDeclined: (event) => log.info(event, 'charge declined'),
    chargeRefunded: (event) => log.info(event, 'charge refunded'),
  };
}
