import type { Runtime } from '../lib/runtime/runtime.ts';
import { eventReporter } from '../lib/telemetry/report-event.ts';

/** What happens in the cart service that the business wants to know of. */
export type CartEvents = {
  readonly itemAdded: (event: { productId: string; quantity: number }) => void;
  readonly cartEmptied: () => void;
};

/** Reports the events of the cart service: counted, logged, and on the span of the call. */
export function cartEvents({ log, metrics }: Pick<Runtime, 'log' | 'metrics'>): CartEvents {
  const report = eventReporter(log);
  const adds = metrics.counter({
    name: 'mercato_cart_adds_total',
    help: 'Times something was put into a cart.',
    labels: {},
  });
  const emptied = metrics.counter({
    name: 'mercato_carts_emptied_total',
    help: 'Carts that were emptied, by their shopper or because they were bought.',
    labels: {},
  });
  return {
    itemAdded: (event) => {
      adds.add({});
      report('info', 'cart item added', event);
    },
    cartEmptied: () => {
      emptied.add({});
      report('info', 'cart emptied', {});
    },
  };
}
