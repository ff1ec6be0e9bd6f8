import { requireId } from '../domain/ids.ts';
import { MAX_BATCH, MAX_QUERY_LENGTH } from '../domain/limits.ts';
import { toWire } from '../domain/money.ts';
import type {
  ProductCatalogServiceDefinition,
  Product as WireProduct,
} from '../genproto/hipstershop/product_catalog.ts';
import { requireAtMost, requireText } from '../lib/fields.ts';
import type { Handlers } from '../lib/grpc/server.ts';
import type { Catalogue, Product } from './catalogue.ts';

/** The RPCs of the product catalogue. */
export function productCatalogHandlers(deps: { catalogue: Catalogue }): Handlers<ProductCatalogServiceDefinition> {
  const { catalogue } = deps;
  return {
    listProducts: async () => ({ products: catalogue.all().map(wireProduct) }),

    getProduct: async ({ id }) => wireProduct(catalogue.get(requireId('id', id))),

    searchProducts: async (request) => {
      const query = requireText('query', request.query, { min: 0, max: MAX_QUERY_LENGTH });
      return { results: catalogue.search(query).map(wireProduct) };
    },

    batchGetProducts: async (request) => {
      const ids = requireAtMost('ids', request.ids, MAX_BATCH);
      const checked = ids.map((id, index) => requireId(`ids[${index}]`, id));
      return { products: catalogue.several(checked).map(wireProduct) };
    },
  };
}

function wireProduct({ priceUsd, categories, ...product }: Product): WireProduct {
  return { ...product, priceUsd: toWire(priceUsd), categories: [...categories] };
}
