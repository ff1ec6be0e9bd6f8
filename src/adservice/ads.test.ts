import { ADS, chooseAds } from './ads.ts';

const never = (): number => {
  throw new Error('no random number is needed here');
};
const draws =
  (...numbers: number[]) =>
  (limit: number): number =>
    (numbers.shift() ?? 0) % limit;
const idsFor = (contextKeys: string[], randomBelow: (limit: number) => number = never): string[] =>
  chooseAds(contextKeys, randomBelow).map(({ productId }) => productId);

describe('choosing ads', () => {
  it.each([
    ['clothing', ['66VCHSJNUP']],
    ['accessories', ['1YMWWN1N4O']],
    ['footwear', ['L9ECAV7KIM']],
    ['hair', ['2ZYFJ3GM2N']],
    ['decor', ['0PUK6V6EV0']],
    ['kitchen', ['9SIQT8TOJO', '6E92ZMYYFZ']],
  ])('selects the ads of the category %s', (category, ids) => {
    expect(idsFor([category])).toEqual(ids);
  });

  it('ignores the case of categories', () => {
    expect(idsFor(['KITCHEN'])).toEqual(idsFor(['kitchen']));
    expect(idsFor(['Decor'])).toEqual(['0PUK6V6EV0']);
  });

  it('selects the ads of several categories in their order, without repetitions and unknown categories', () => {
    expect(idsFor(['hair', 'beauty', 'clothing', 'tops', 'HAIR'])).toEqual(['2ZYFJ3GM2N', '66VCHSJNUP']);
  });

  it.each([[[]], [['beauty']], [['']], [['__proto__', 'constructor']]])(
    'selects two random ads when no ad fits %j',
    (keys) => {
      expect(idsFor(keys, draws(0, 0))).toEqual(['66VCHSJNUP', '1YMWWN1N4O']);
    },
  );

  it('never selects the same random ad twice, and can select every ad', () => {
    const seen = new Set<string>();
    for (let first = 0; first < ADS.length; first += 1) {
      for (let second = 0; second < ADS.length - 1; second += 1) {
        const ids = idsFor([], draws(first, second));
        expect(new Set(ids).size).toBe(2);
        for (const id of ids) seen.add(id);
      }
    }
    expect(seen.size).toBe(7);
  });
});
