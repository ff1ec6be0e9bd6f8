import type { Runtime } from '../lib/runtime/runtime.ts';
import { eventReporter } from '../lib/telemetry/report-event.ts';

/** What happens in the shipping service that the business wants to know of. Nothing here ever holds an address. */
export type ShippingEvents = {
  readonly orderShipped: (event: { trackingId: string }) => void;
  readonly shipmentCancelled: (event: { trackingId: string }) => void;
};

/** Reports the events of the shipping service: counted, logged, and on the span of the call. */
export function shippingEvents({ log, metrics }: Pick<Runtime, 'log' | 'metrics'>): ShippingEvents {
  const report = eventReporter(log);
  const shipments = metrics.counter({
    name: 'mercato_shipments_total',
    help: 'Shipments that were handed over, and those that were called back.',
    labels: { outcome: ['shipped', 'cancelled'] },
  });
  return {
    orderShipped: (event) => {
      shipments.add({ outcome: 'shipped' });
      report('info', 'order shipped', event);
    },
    shipmentCancelled: (event) => {
      shipments.add({ outcome: 'cancelled' });
      report('info', 'shipment cancelled', event);
    },
  };
}
