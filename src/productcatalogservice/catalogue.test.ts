import fc from 'fast-check';
import { catalogueOf, type Product } from './catalogue.ts';
import { readProducts } from './products.ts';

const product = (id: string, name: string, description: string): Product => ({
  id,
  name,
  description,
  picture: '',
  priceUsd: { currency: 'USD', nanos: 1n },
  categories: [],
});

// Few letters, so that texts often contain each other, and metacharacters of regular expressions.
const shortText = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', ' ', '.', '*', '('), maxLength: 6 });

const products = fc
  .array(fc.tuple(shortText, shortText), { maxLength: 8 })
  .map((texts) => texts.map(([name, description], index) => product(`product-${index}`, name, description)));

describe('a search of the catalogue', () => {
  it('finds every product by any part of its name or description, in any case', () => {
    const sold = readProducts();
    const catalogue = catalogueOf(sold);
    const part = fc
      .record({
        wanted: fc.constantFrom(...sold),
        field: fc.constantFrom('name' as const, 'description' as const),
        from: fc.nat(200),
        length: fc.nat(40),
        capitals: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
      })
      .map(({ wanted, field, from, length, capitals }) => {
        const text = wanted[field];
        const start = from % text.length;
        const query = text
          .slice(start, start + length)
          .replace(/./g, (letter, at: number) => (capitals[at] === true ? letter.toUpperCase() : letter.toLowerCase()));
        return { wanted, query };
      });
    fc.assert(fc.property(part, ({ wanted, query }) => catalogue.search(query).includes(wanted)));
  });

  it('finds the same as a case-insensitive literal pattern, in the order of the catalogue', () => {
    fc.assert(
      fc.property(products, shortText, (sold, query) => {
        const pattern = new RegExp(query.replace(/[.*(]/g, '\\$&'), 'i');
        const expected = sold.filter(({ name, description }) => pattern.test(name) || pattern.test(description));
        expect(catalogueOf(sold).search(query)).toEqual(expected);
      }),
    );
  });

  it('does not find a text that spans the name and the description', () => {
    expect(catalogueOf([product('1', 'Mug', 'gle')]).search('muggle')).toEqual([]);
    expect(catalogueOf([product('1', 'Mug', 'gle')]).search('g g')).toEqual([]);
  });
});

describe('a batch of products', () => {
  it('contains the requested products in the order of their ids, without unknown ids', () => {
    const catalogue = catalogueOf(readProducts());
    const known = readProducts().map(({ id }) => id);
    const ids = fc.array(fc.oneof(fc.constantFrom(...known), fc.string()), { maxLength: 100 });
    fc.assert(
      fc.property(ids, (asked) => {
        expect(catalogue.several(asked).map(({ id }) => id)).toEqual(asked.filter((id) => known.includes(id)));
      }),
    );
  });
});
