import type { Logger } from '../lib/logger.ts';

/** What happens in the cart service that the business wants to know of. */
export type CartEvents = {
  readonly itemAdded: (event: { productId: string; quantity: number }) => void;
  readonly cartEmptied: () => void;
};

/** Reports the events of the cart service. */
export function cartEvents(log: Logger): CartEvents {
  return {
    itemAdded: (event) => log.info(event, 'cart item added'),
    cartEmptied: () => log.info({}, 'cart emptied'),
  };
}
