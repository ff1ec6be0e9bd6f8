import { appAttribute } from '../domain/attributes.ts';
import { logOnly } from '../lib/log/log-line.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { attribute } from '../lib/telemetry/attributes.ts';
import { attr, businessEvent, counted, counterSpec } from '../lib/telemetry/business-event.ts';
import { type EventReporter, eventReporter } from '../lib/telemetry/event-reporter.ts';
import { orderRefusals } from '../reasons.ts';
import { OFFERED_CURRENCIES } from './page/offered-currencies.ts';

/** The parts that a page is shown without when their service is unavailable. */
export const OPTIONAL_PARTS = [
  'ads',
  'cart',
  'conversion',
  'currencies',
  'product-names',
  'quote',
  'recommendations',
] as const;

/** A part that a page is shown without when its service is unavailable. */
export type PagePart = (typeof OPTIONAL_PARTS)[number];

const partsLeftOut = counterSpec({
  name: 'mercato_page_parts_unavailable_total',
  help: 'Parts that pages were shown without because their service was unavailable or too slow.',
  labels: { part: OPTIONAL_PARTS },
});

const productsUnusable = counterSpec({
  name: 'mercato_products_unusable_total',
  help: 'Products of the catalogue that were not shown because they have no usable price.',
  labels: {},
});

const currencyChoices = counterSpec({
  name: 'mercato_currency_choices_total',
  help: 'Currencies that shoppers chose.',
  labels: { currency: OFFERED_CURRENCIES },
});

const refused = counterSpec({
  name: 'mercato_checkouts_refused_total',
  help: 'Checkouts that were refused without a charge, by reason.',
  labels: { reason: orderRefusals },
});

/** The business events of the frontend. */
export const events = {
  pagePartDegraded: businessEvent({
    message: 'page part unavailable',
    level: 'warn',
    when: 'A page was shown without one of its optional parts.',
    fields: {
      part: attr<PagePart>(appAttribute.pagePart),
      requestId: logOnly<string>(),
      cause: logOnly<string>(),
    },
    counters: [counted(partsLeftOut, { part: { field: 'part' } })],
  }),
  productUnusable: businessEvent({
    message: 'product without usable price',
    level: 'warn',
    when: 'The catalogue returned a product without a usable price; it is not shown.',
    fields: { productId: attr(appAttribute.productId) },
    counters: [counted(productsUnusable, {})],
  }),
  currencyChosen: businessEvent({
    message: 'currency chosen',
    level: 'info',
    when: 'A shopper chose the currency of the pages.',
    fields: { currency: attr(appAttribute.currency) },
    counters: [counted(currencyChoices, { currency: { field: 'currency' } })],
  }),
  checkoutRefused: businessEvent({
    message: 'checkout refused',
    level: 'info',
    when: 'A checkout was refused without a charge.',
    fields: { reason: attr(attribute.errorReason), requestId: logOnly<string>() },
    counters: [counted(refused, { reason: { field: 'reason' } })],
  }),
};

/** Reports the business events of the frontend. */
export type FrontendEvents = EventReporter<typeof events>;

/** Makes the reporter of the frontend. */
export function frontendEvents(runtime: Pick<Runtime, 'log' | 'metrics'>): FrontendEvents {
  return eventReporter(events, runtime);
}
