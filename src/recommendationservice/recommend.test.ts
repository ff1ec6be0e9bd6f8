import fc from 'fast-check';
import { MAX_RECOMMENDATIONS, recommend } from './recommend.ts';

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i');
const products = fc.array(
  id.map((value) => ({ id: value })),
  { maxLength: 20 },
);
const chosen = fc.array(fc.oneof(id, fc.string()), { maxLength: 20 });
// Whatever is drawn: the numbers are taken in turn.
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
  it('are never what was chosen already', () => {
    fc.assert(fc.property(draws, ({ chosenIds, drawn }) => drawn.every((one) => !chosenIds.includes(one))));
  });

  it('are never the same twice', () => {
    fc.assert(fc.property(draws, ({ drawn }) => new Set(drawn).size === drawn.length));
  });

  it('are products of the catalogue, five or as many as are left', () => {
    fc.assert(
      fc.property(draws, ({ all, chosenIds, drawn }) => {
        const left = new Set(all.map((product) => product.id).filter((one) => !chosenIds.includes(one)));
        expect(drawn).toHaveLength(Math.min(MAX_RECOMMENDATIONS, left.size));
        expect(drawn.every((one) => left.has(one))).toBe(true);
      }),
    );
  });

  it('leave the catalogue as it was', () => {
    fc.assert(
      fc.property(products, chosen, randomness, (all, chosenIds, randomBelow) => {
        const before = structuredClone(all);
        recommend(all, chosenIds, randomBelow);
        expect(all).toEqual(before);
      }),
    );
  });

  it('come in every order, each as likely as the others', () => {
    // Four products have 4! orders, and as many ways to draw: each order must come from exactly one of them.
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
