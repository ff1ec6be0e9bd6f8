import { appAttribute } from '../domain/attributes.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { attr, businessEvent, counted, counterSpec } from '../lib/telemetry/business-event.ts';
import { type EventReporter, eventReporter } from '../lib/telemetry/event-reporter.ts';

const shipments = counterSpec({
  name: 'mercato_shipments_total',
  help: 'Shipments that were created, and shipments that were cancelled.',
  labels: { outcome: ['shipped', 'cancelled'] },
});

const fields = { trackingId: attr(appAttribute.trackingId) };

/** The business events of the shipping service. None contains an address. */
export const events = {
  orderShipped: businessEvent({
    message: 'order shipped',
    level: 'info',
    when: 'A shipment was created.',
    fields,
    counters: [counted(shipments, { outcome: { value: 'shipped' } })],
  }),
  shipmentCancelled: businessEvent({
    message: 'shipment cancelled',
    level: 'info',
    when: 'A shipment was cancelled because its order is refunded.',
    fields,
    counters: [counted(shipments, { outcome: { value: 'cancelled' } })],
  }),
};

/** Reports the business events of the shipping service. */
export type ShippingEvents = EventReporter<typeof events>;

/** Makes the reporter of the shipping service. */
export function shippingEvents(runtime: Pick<Runtime, 'log' | 'metrics'>): ShippingEvents {
  return eventReporter(events, runtime);
}
