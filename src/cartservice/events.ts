import { appAttribute } from '../domain/attributes.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { attr, businessEvent, counted, counterSpec } from '../lib/telemetry/business-event.ts';
import { type EventReporter, eventReporter } from '../lib/telemetry/event-reporter.ts';

const adds = counterSpec({
  name: 'mercato_cart_adds_total',
  help: 'AddItem calls that changed a cart.',
  labels: {},
});

const emptied = counterSpec({
  name: 'mercato_carts_emptied_total',
  help: 'Carts that were emptied by their shopper or after an order.',
  labels: {},
});

/** The business events of the cart service. */
export const events = {
  itemAdded: businessEvent({
    message: 'cart item added',
    level: 'info',
    when: 'A product was added to a cart.',
    fields: { productId: attr(appAttribute.productId), quantity: attr<number>(appAttribute.cartQuantity) },
    counters: [counted(adds, {})],
  }),
  cartEmptied: businessEvent({
    message: 'cart emptied',
    level: 'info',
    when: 'A cart was emptied, by its shopper or after an order.',
    fields: {},
    counters: [counted(emptied, {})],
  }),
};

/** Reports the business events of the cart service. */
export type CartEvents = EventReporter<typeof events>;

/** Makes the reporter of the cart service. */
export function cartEvents(runtime: Pick<Runtime, 'log' | 'metrics'>): CartEvents {
  return eventReporter(events, runtime);
}
