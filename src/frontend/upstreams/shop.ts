import type { UpstreamClients } from '../../upstreams.ts';
import type { FrontendEvents } from '../events.ts';
import { cartClient } from './cart-client.ts';
import { catalogueClient } from './catalogue-client.ts';
import { orderClient } from './order-client.ts';
import { priceClient } from './price-client.ts';
import { productReader } from './product.ts';
import { suggestionClient } from './suggestion-client.ts';

/** The clients of the pages, one per concern. */
export type Shop = ReturnType<typeof shopClients>;

export function shopClients(
  upstreams: UpstreamClients<'frontend'>['calls'],
  deps: { events: FrontendEvents; now: () => number },
) {
  const { events, now } = deps;
  const read = productReader(events);
  const catalogue = catalogueClient(upstreams.productcatalogservice, { read, now });
  return {
    catalogue,
    cart: cartClient(upstreams.cartservice),
    prices: priceClient({ currency: upstreams.currencyservice, shipping: upstreams.shippingservice, now }),
    suggestions: suggestionClient({
      ad: upstreams.adservice,
      recommendation: upstreams.recommendationservice,
      catalogue,
      read,
    }),
    orders: orderClient(upstreams.checkoutservice, now),
  };
}
