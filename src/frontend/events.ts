import type { Runtime } from '../lib/runtime/runtime.ts';
import { eventReporter } from '../lib/telemetry/report-event.ts';
import { OFFERED_CURRENCIES } from './page/offered-currencies.ts';

/** What a page can do without. */
export const OPTIONAL_PARTS = ['ads', 'cart', 'conversion', 'currencies', 'quote', 'recommendations'] as const;

/** What happens in the frontend that the business, or somebody on call, wants to know of. */
export type FrontendEvents = {
  /** A page was shown without one of its parts. */
  readonly partLeftOut: (event: { part: PagePart; requestId: string; cause: string }) => void;
  /** The catalogue gave a product without a price that can be used; it is not sold. */
  readonly productUnusable: (event: { productId: string }) => void;
  readonly currencyChosen: (event: { currency: string }) => void;
  /** A checkout was refused; nothing is kept of the shopper's money. */
  readonly checkoutRefused: (event: { reason: string; requestId: string }) => void;
};

/** One of the parts a page can do without. */
export type PagePart = (typeof OPTIONAL_PARTS)[number];

/**
 * Reports the events of the frontend: counted, logged, and on the span of the request.
 *
 * @param refusalReasons the reasons for a refused checkout that pages have words for; all others are counted as one
 */
export function frontendEvents(
  { log, metrics }: Pick<Runtime, 'log' | 'metrics'>,
  refusalReasons: readonly string[],
): FrontendEvents {
  const report = eventReporter(log);
  const leftOut = metrics.counter({
    name: 'mercato_page_parts_left_out_total',
    help: 'Parts that pages were shown without, because they were not to be had in time.',
    labels: { part: OPTIONAL_PARTS },
  });
  const unusable = metrics.counter({
    name: 'mercato_products_unusable_total',
    help: 'Products of the catalogue that were not shown because they have no usable price.',
    labels: {},
  });
  const chosen = metrics.counter({
    name: 'mercato_currency_choices_total',
    help: 'Currencies that shoppers chose.',
    labels: { currency: OFFERED_CURRENCIES },
  });
  const refused = metrics.counter({
    name: 'mercato_checkouts_refused_total',
    help: 'Checkouts that were refused, with nothing kept of the money.',
    labels: { reason: refusalReasons },
  });
  return {
    partLeftOut: (event) => {
      leftOut.add({ part: event.part });
      report('warn', 'page part left out', event);
    },
    productUnusable: (event) => {
      unusable.add({});
      report('warn', 'product left out', event);
    },
    currencyChosen: (event) => {
      chosen.add(event);
      report('info', 'currency chosen', event);
    },
    checkoutRefused: (event) => {
      refused.add({ reason: event.reason });
      report('info', 'checkout refused', event);
    },
  };
}
