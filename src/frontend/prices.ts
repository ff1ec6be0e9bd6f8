import { formatMoney, type Money, roundToMinorUnit } from '../domain/money.ts';
import type { OptionalPart } from './optional-part.ts';
import type { RequestContext } from './page/request-context.ts';
import { pictureOf } from './pictures.ts';
import type { PriceClient } from './upstreams/price-client.ts';
import type { Product } from './upstreams/product.ts';
import type { ProductCard } from './views/models.ts';

/** The displayed amounts of a page: all in one currency, rounded to its minor unit. */
export type ShownPrices = {
  readonly currency: string;
  /** @throws {RangeError} for a product that was not among those given */
  readonly priceOf: (product: Pick<Product, 'id'>) => Money;
  /** `undefined` when no shipping cost was given. */
  readonly shipping: Money | undefined;
};

const SHIPPING = 'shipping';
const keyOf = ({ id }: Pick<Product, 'id'>): string => `product/${id}`;

/**
 * Converts the amounts of a page to the shopper's currency in one call; leaves all of them in the currency of the
 * catalogue when that is not possible, so that a page never mixes currencies.
 */
export async function showPrices(
  deps: { prices: Pick<PriceClient, 'convert'>; optional: OptionalPart },
  context: RequestContext,
  { products, shipping }: { products: readonly Product[]; shipping?: Money | undefined },
): Promise<ShownPrices> {
  const amounts = new Map(products.map((product) => [keyOf(product), product.price]));
  if (shipping !== undefined) amounts.set(SHIPPING, shipping);
  const converted = await deps.optional(context, 'conversion', (call) =>
    deps.prices.convert(amounts, context.currency, call),
  );
  const shown = converted ?? new Map([...amounts].map(([key, amount]) => [key, roundToMinorUnit(amount)]));
  const [first] = shown.values();
  return {
    currency: first?.currency ?? context.currency,
    priceOf: (product) => {
      const price = shown.get(keyOf(product));
      if (price === undefined) throw new RangeError(`no price of ${product.id} on this page`);
      return price;
    },
    shipping: shown.get(SHIPPING),
  };
}

/** A product in a grid. */
export function productCard(product: Pick<Product, 'id' | 'name'>, price: Money): ProductCard {
  return { id: product.id, name: product.name, price: formatMoney(price), picture: pictureOf(product.id) };
}
