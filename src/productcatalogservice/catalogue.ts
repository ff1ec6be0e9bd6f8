import type { Money } from '../domain/money.ts';
import { DomainError } from '../lib/errors.ts';

/** A product of the shop. */
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

/** The products of the shop in display order. */
export type Catalogue = {
  readonly all: () => readonly Product[];
  /**
   * Returns one product.
   *
   * @throws {DomainError} PRODUCT_UNKNOWN when no product has this id
   */
  readonly get: (id: string) => Product;
  /** Returns the products in the order of the ids, with repetitions and without unknown ids. */
  readonly several: (ids: readonly string[]) => readonly Product[];
  /**
   * Returns the products whose name or description contains the text, case-insensitively. The empty text finds every
   * product.
   */
  readonly search: (text: string) => readonly Product[];
};

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
