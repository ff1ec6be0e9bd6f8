import type { Money } from '../domain/money.ts';
import { DomainError } from '../lib/errors.ts';

/** One thing the shop sells. */
export type Product = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Path of the picture at the frontend, such as `/static/products/mug.svg`. */
  readonly picture: string;
  readonly priceUsd: Money;
  /** Lower-case, such as `clothing`. */
  readonly categories: readonly string[];
};

/** What the shop sells, in its order. */
export type Catalogue = {
  readonly all: () => readonly Product[];
  /**
   * Answers one product.
   *
   * @throws {DomainError} PRODUCT_UNKNOWN when there is none with that id
   */
  readonly get: (id: string) => Product;
  /** Answers the products asked for, in the order asked and as often; an id that is gone is left out. */
  readonly several: (ids: readonly string[]) => readonly Product[];
  /**
   * Answers the products whose name or description contains the text, whatever its case. Every text contains the empty
   * one, so that one finds every product.
   */
  readonly search: (text: string) => readonly Product[];
};

/** The catalogue of these products. */
export function catalogueOf(products: readonly Product[]): Catalogue {
  const byId = new Map(products.map((product) => [product.id, product]));
  return {
    all: () => products,
    get: (id) => {
      const product = byId.get(id);
      if (product === undefined) {
        throw new DomainError('not-found', 'PRODUCT_UNKNOWN', 'there is no product with this id');
      }
      return product;
    },
    several: (ids) => ids.flatMap((id) => byId.get(id) ?? []),
    search: (text) => {
      const wanted = text.toLowerCase();
      return products.filter(({ name, description }) =>
        [name, description].some((words) => words.toLowerCase().includes(wanted)),
      );
    },
  };
}
