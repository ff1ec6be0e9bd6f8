import type { FrontendConfig } from './config.ts';
import { piecesIn, type ShopperCart } from './upstreams/cart-client.ts';
import type { LayoutProps } from './views/models.ts';

/** What the header and the footer of a page show. A part that could not be read is `undefined`. */
export type PageContext = {
  readonly requestId: string;
  /** The currency of the prices on the page: the chosen one, or that of the catalogue when they were not converted. */
  readonly currency: string;
  readonly currencies?: readonly string[] | undefined;
  readonly cart?: ShopperCart | undefined;
  readonly query?: string;
};

/** Makes the layout of a page. */
export type LayoutOf = (page: PageContext) => LayoutProps;

/** Adds the configured values that are the same on every page. */
export function layoutMaker(config: Pick<FrontendConfig, 'basePath' | 'message' | 'bannerColor'>): LayoutOf {
  return ({ requestId, currency, currencies, cart, query }) => ({
    basePath: config.basePath,
    currency,
    currencies: currencies ?? [],
    cartCount: cart === undefined ? undefined : piecesIn(cart),
    query: query ?? '',
    banner: config.message,
    bannerColor: config.bannerColor !== undefined,
    requestId,
  });
}
