import type { FrontendConfig } from './config.ts';
import type { Visit } from './page/visit.ts';
import { piecesIn, type ShopperCart } from './peers/cart-client.ts';
import type { Frame } from './views/models.ts';

/** What a page knows of its surroundings; `undefined` is what could not be read. */
export type Surroundings = {
  readonly currencies?: readonly string[] | undefined;
  readonly cart?: ShopperCart | undefined;
  readonly query?: string;
  /** The currency the prices on the page are in; the chosen one unless they could not be converted. */
  readonly currency?: string;
};

/** Makes the frame of a page. */
export type FrameMaker = (visit: Visit, surroundings: Surroundings) => Frame;

/** Makes frames as this shop is configured. */
export function frameMaker(config: Pick<FrontendConfig, 'basePath' | 'message' | 'bannerColor'>): FrameMaker {
  return (visit, { currencies, cart, query, currency }) => ({
    basePath: config.basePath,
    currency: currency ?? visit.currency,
    currencies: currencies ?? [],
    cartCount: cart === undefined ? undefined : piecesIn(cart),
    query: query ?? '',
    banner: config.message,
    bannerColor: config.bannerColor !== undefined,
    requestId: visit.call.requestId,
  });
}
