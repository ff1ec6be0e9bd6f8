import type { Money } from '../../domain/money.ts';
import type { Product as WireProduct } from '../../genproto/hipstershop/product_catalog.ts';
import type { FrontendEvents } from '../events.ts';
import { DEFAULT_CURRENCY } from '../page/offered-currencies.ts';
import { usableAmount } from './unusable-response.ts';

/** A product that can be shown and sold. */
export type Product = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Path of the picture, as the catalogue names it. */
  readonly picture: string;
  readonly categories: readonly string[];
  /** In the currency of the catalogue. */
  readonly price: Money;
};

/** Decodes products. A product without a usable price is omitted and reported. */
export type ProductReader = (products: readonly WireProduct[]) => readonly Product[];

/** Makes the reader. */
export function productReader(events: Pick<FrontendEvents, 'productUnusable'>): ProductReader {
  return (products) =>
    products.flatMap(({ priceUsd, ...product }) => {
      const price = usableAmount(priceUsd, DEFAULT_CURRENCY);
      if (price !== undefined) return [{ ...product, price }];
      events.productUnusable({ productId: product.id });
      return [];
    });
}
