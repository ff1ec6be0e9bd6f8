import { status } from '@grpc/grpc-js';
import { type Money, parseMoney } from '../../domain/money.ts';
import type { Product, ProductCatalogServiceDefinition } from '../../genproto/hipstershop/product_catalog.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { UpstreamCalls } from '../../lib/grpc/client.ts';
import { withFallback } from '../../lib/grpc/fallback.ts';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';

/** A product that is sold. */
export type CatalogueProduct = {
  readonly id: string;
  readonly name: string;
  /** `undefined` when the catalogue sent no valid price. */
  readonly price: Money | undefined;
};

/** What checkout needs of the catalogue. */
export type CatalogueClient = {
  /** Omits the ids of products that are no longer sold. */
  readonly products: (ids: readonly string[], call: CallContext) => Promise<readonly CatalogueProduct[]>;
};

export function decodeProduct({ id, name, priceUsd }: Product): CatalogueProduct {
  const price = parseMoney(priceUsd, { sign: 'positive' });
  return { id, name, price: price.ok ? price.money : undefined };
}

/** Without BatchGetProducts, as in the original protocol, the products are read one by one, in parallel. */
export function catalogueClient(
  upstream: UpstreamCalls<ProductCatalogServiceDefinition>,
  now: () => number,
): CatalogueClient {
  const one = async (id: string, call: CallContext): Promise<CatalogueProduct[]> => {
    try {
      return [decodeProduct(await upstream.getProduct({ id }, call))];
    } catch (error) {
      if (error instanceof UpstreamError && error.code === status.NOT_FOUND) return [];
      throw error;
    }
  };
  return {
    products: withFallback(
      now,
      async (ids: readonly string[], call: CallContext) =>
        (await upstream.batchGetProducts({ ids: [...ids] }, call)).products.map(decodeProduct),
      async (ids, call) => (await Promise.all(ids.map((id) => one(id, call)))).flat(),
    ),
  };
}
