import type { AdServiceDefinition } from '../../genproto/hipstershop/ad.ts';
import type { RecommendationServiceDefinition } from '../../genproto/hipstershop/recommendation.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { UpstreamCalls } from '../../lib/grpc/client.ts';
import type { Advertisement } from '../views/models.ts';
import type { CatalogueClient } from './catalogue-client.ts';
import type { Product, ProductReader } from './product.ts';

/** Recommendations a page shows. */
const SHOWN = 4;

/** Recommendations and advertisements, as the pages need them. */
export type SuggestionClient = {
  /** Up to four products that are not among those given. */
  readonly recommend: (userId: string, productIds: readonly string[], call: CallContext) => Promise<readonly Product[]>;
  /** One advertisement that fits the categories; `undefined` when none has a target in this shop. */
  readonly advertise: (categories: readonly string[], call: CallContext) => Promise<Advertisement | undefined>;
};

/** Adapts recommendationservice and adservice. Recommendations without products are looked up in the catalogue. */
export function suggestionClient(deps: {
  ad: UpstreamCalls<AdServiceDefinition>;
  recommendation: UpstreamCalls<RecommendationServiceDefinition>;
  catalogue: CatalogueClient;
  read: ProductReader;
}): SuggestionClient {
  return {
    recommend: async (userId, productIds, call) => {
      const response = await deps.recommendation.listRecommendations({ userId, productIds: [...productIds] }, call);
      const ids = response.productIds.slice(0, SHOWN);
      if (response.products.length > 0) return deps.read(response.products.slice(0, SHOWN));
      return await deps.catalogue.batch(ids, call);
    },
    advertise: async (categories, call) => {
      const { ads } = await deps.ad.getAds({ contextKeys: [...categories] }, call);
      const ad = ads.find(({ redirectUrl }) => leadsIntoShop(redirectUrl));
      return ad === undefined ? undefined : { text: ad.text, href: ad.redirectUrl };
    },
  };
}

// Browsers resolve `//host`, `/\host` and `/<tab>/host` to another host, so the resolved URL decides.
function leadsIntoShop(url: string): boolean {
  const shop = 'http://shop.invalid';
  return url.startsWith('/') && URL.canParse(url, shop) && new URL(url, shop).origin === shop;
}
