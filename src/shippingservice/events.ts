import type { Logger } from '../lib/logger.ts';

/** What happens in the shipping service that the business wants to know of. Nothing here ever holds an address. */
export type ShippingEvents = {
  readonly orderShipped: (event: { trackingId: string }) => void;
  readonly shipmentCancelled: (event: { trackingId: string }) => void;
};

/** Reports the events of the shipping service. */
export function shippingEvents(log: Logger): ShippingEvents {
  return {
    orderShipped: (event) => log.info(event, 'order shipped'),
    shipmentCancelled: (event) => log.info(event, 'shipment cancelled'),
  };
}
