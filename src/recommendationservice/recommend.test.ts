import fc from 'fast-check';
import { MAX_RECOMMENDATIONS, recommend } from './recommend.ts';

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i');
const products = fc.array(
  id.map((value) => ({ id: value })),
  { maxLength: 20 },
);
const chosen = fc.array(fc.oneof(id, fc.string()), { maxLength: 20 });
// Arbitrary numbers, used in turn.
const randomness = fc.array(fc.nat(), { minLength: 1, maxLength: 10 }).map((numbers) => {
  let draws = 0;
  return (limit: number): number => (numbers[draws++ % numbers.length] ?? 0) % limit;
});

const draws = fc.tuple(products, chosen, randomness).map(([all, chosenIds, randomBelow]) => ({
  all,
  chosenIds,
  drawn: recommend(all, chosenIds, randomBelow).map((product) => product.id),
}));

describe('recommendations', () => {
  it('contain no product that was chosen already', () => {
    fc.assert(fc.property(draws, ({ chosenIds, drawn }) => drawn.every((one) => !chosenIds.includes(one))));
  });

  it('contain no product twice', () => {
    fc.assert(fc.property(draws, ({ drawn }) => new Set(drawn).size === drawn.length));
  });

  it('are five products of the catalogue, or all that are left', () => {
    fc.assert(
      fc.property(draws, ({ all, chosenIds, drawn }) => {
        const left = new Set(all.map((product) => product.id).filter((one) => !chosenIds.includes(one)));
        expect(drawn).toHaveLength(Math.min(MAX_RECOMMENDATIONS, left.size));
        expect(drawn.every((one) => left.has(one))).toBe(true);
      }),
    );
  });

  it('do not modify the catalogue', () => {
    fc.assert(
      fc.property(products, chosen, randomness, (all, chosenIds, randomBelow) => {
        const before = structuredClone(all);
        recommend(all, chosenIds, randomBelow);
        expect(all).toEqual(before);
      }),
    );
  });

  it('come in every order with the same probability', () => {
    // Four products have 4! orders and 4! sequences of random numbers: each order must come from exactly one sequence.
    const orders = new Set<string>();
    for (let way = 0; way < 24; way += 1) {
      let rest = way;
      const randomBelow = (limit: number): number => {
        const number = rest % limit;
        rest = Math.floor(rest / limit);
        return number;
      };
      const all = ['a', 'b', 'c', 'd'].map((value) => ({ id: value }));
      orders.add(
        recommend(all, [], randomBelow)
          .map((product) => product.id)
          .join(''),
      );
    }
    expect(orders.size).toBe(24);
  });
});
