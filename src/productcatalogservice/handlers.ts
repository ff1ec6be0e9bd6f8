import type { ProductCatalogServiceService, Product as WireProduct } from '../genproto/hipstershop/product_catalog.ts';
import { requireAtMost, requireProductId, requireText } from '../lib/fields.ts';
import type { Handlers } from '../lib/grpc/server.ts';
import { toWire } from '../lib/money.ts';
import type { Catalogue, Product } from './catalogue.ts';

const MAX_BATCH = 100;
const MAX_QUERY_LENGTH = 128;

/** The RPCs of the product catalogue. */
export function productCatalogHandlers(deps: { catalogue: Catalogue }): Handlers<ProductCatalogServiceService> {
  const { catalogue } = deps;
  return {
    listProducts: async () => ({ products: catalogue.all().map(wireProduct) }),

    getProduct: async ({ id }) => wireProduct(catalogue.get(requireProductId('id', id))),

    searchProducts: async (request) => {
      const query = requireText('query', request.query, { min: 0, max: MAX_QUERY_LENGTH });
      return { results: catalogue.search(query).map(wireProduct) };
    },

    batchGetProducts: async (request) => {
      const ids = requireAtMost('ids', request.ids, MAX_BATCH);
      const checked = ids.map((id, index) => requireProductId(`ids[${index}]`, id));
      return { products: catalogue.several(checked).map(wireProduct) };
    },
  };
}

function wireProduct({ priceUsd, categories, ...product }: Product): WireProduct {
  return { ...product, priceUsd: toWire(priceUsd), categories: [...categories] };
}
