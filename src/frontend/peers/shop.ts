import type { AdServiceService } from '../../genproto/hipstershop/ad.ts';
import type { CartServiceService } from '../../genproto/hipstershop/cart.ts';
import type { CheckoutServiceService } from '../../genproto/hipstershop/checkout.ts';
import type { CurrencyServiceService } from '../../genproto/hipstershop/currency.ts';
import type { ProductCatalogServiceService } from '../../genproto/hipstershop/product_catalog.ts';
import type { RecommendationServiceService } from '../../genproto/hipstershop/recommendation.ts';
import type { ShippingServiceService } from '../../genproto/hipstershop/shipping.ts';
import type { PeerCalls } from '../../lib/grpc/client.ts';
import type { FrontendEvents } from '../events.ts';
import { cartClient } from './cart-client.ts';
import { catalogueClient } from './catalogue-client.ts';
import { orderClient } from './order-client.ts';
import { priceClient } from './price-client.ts';
import { productReader } from './product.ts';
import { suggestionClient } from './suggestion-client.ts';

/** The RPCs of every peer of the frontend. */
export type FrontendPeerCalls = {
  readonly ad: PeerCalls<AdServiceService>;
  readonly cart: PeerCalls<CartServiceService>;
  readonly catalogue: PeerCalls<ProductCatalogServiceService>;
  readonly checkout: PeerCalls<CheckoutServiceService>;
  readonly currency: PeerCalls<CurrencyServiceService>;
  readonly recommendation: PeerCalls<RecommendationServiceService>;
  readonly shipping: PeerCalls<ShippingServiceService>;
};

/** The shop as the pages see it: one client a concern. */
export type Shop = ReturnType<typeof shopClients>;

/** Adapts every peer. */
export function shopClients(peers: FrontendPeerCalls, deps: { events: FrontendEvents; now: () => number }) {
  const { events, now } = deps;
  const read = productReader(events);
  const catalogue = catalogueClient(peers.catalogue, { read, now });
  return {
    catalogue,
    cart: cartClient(peers.cart),
    prices: priceClient({ currency: peers.currency, shipping: peers.shipping, now }),
    suggestions: suggestionClient({ ad: peers.ad, recommendation: peers.recommendation, catalogue, read }),
    orders: orderClient(peers.checkout, now),
  };
}
