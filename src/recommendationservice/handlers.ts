import { requireId, requireUserId } from '../domain/ids.ts';
import { MAX_BATCH } from '../domain/limits.ts';
import type { Product } from '../genproto/hipstershop/product_catalog.ts';
import type { RecommendationServiceDefinition } from '../genproto/hipstershop/recommendation.ts';
import { requireAtMost } from '../lib/fields.ts';
import type { Handlers } from '../lib/grpc/server.ts';
import type { CatalogueCache } from './catalogue-cache.ts';
import { recommend } from './recommend.ts';

/** The RPC of the recommendation service. */
export function recommendationHandlers(deps: {
  catalogue: CatalogueCache<Product>;
  randomBelow: (limit: number) => number;
}): Handlers<RecommendationServiceDefinition> {
  return {
    listRecommendations: async ({ userId, productIds }, call) => {
      requireUserId(userId);
      const chosenIds = requireAtMost('product_ids', productIds, MAX_BATCH);
      for (const [index, id] of chosenIds.entries()) requireId(`product_ids[${index}]`, id);
      const all = await deps.catalogue.products(call.requestId);
      const products = recommend(all, chosenIds, deps.randomBelow);
      return { productIds: products.map(({ id }) => id), products };
    },
  };
}
