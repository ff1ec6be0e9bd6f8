import type { Logger } from '../lib/logger.ts';

/** What happens in the frontend that the business, or somebody on call, wants to know of. */
export type FrontendEvents = {
  /** A page was shown without one of its parts. */
  readonly partLeftOut: (event: { part: string; requestId: string; cause: string }) => void;
  /** The catalogue gave a product without a price that can be used; it is not sold. */
  readonly productUnusable: (event: { productId: string }) => void;
  readonly currencyChosen: (event: { currency: string }) => void;
  /** A checkout was refused; nothing is kept of the shopper's money. */
  readonly checkoutRefused: (event: { reason: string; requestId: string }) => void;
};

/** Reports the events of the frontend. */
export function frontendEvents(log: Logger): FrontendEvents {
  return {
    partLeftOut: (event) => log.warn(event, 'page part left out'),
    productUnusable: (event) => log.warn(event, 'product left out'),
    currencyChosen: (event) => log.info(event, 'currency chosen'),
    checkoutRefused: (event) => log.info(event, 'checkout refused'),
  };
}
