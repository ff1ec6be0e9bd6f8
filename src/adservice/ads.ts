/** An advertisement for a product. */
export type Advertisement = { readonly productId: string; readonly text: string };

const tankTop = {
  productId: '66VCHSJNUP',
  text: 'A tank top for the first warm morning, and for all the ones after it.',
};
const watch = { productId: '1YMWWN1N4O', text: 'A watch that tells the time, and leaves the rest of the day to you.' };
const loafers = { productId: 'L9ECAV7KIM', text: 'Loafers for the long way home, past the gelateria.' };
const hairdryer = { productId: '2ZYFJ3GM2N', text: 'A hairdryer for mornings that started ten minutes late.' };
const candleHolder = {
  productId: '0PUK6V6EV0',
  text: 'A candle holder: the small light that makes a Tuesday dinner an occasion.',
};
const bambooGlassJar = {
  productId: '9SIQT8TOJO',
  text: 'A bamboo glass jar. Fill it with biscotti and see how long it stays full.',
};
const mug = { productId: '6E92ZMYYFZ', text: 'One good mug: coffee at seven, tea at four.' };

export const ADS: readonly Advertisement[] = [tankTop, watch, loafers, hairdryer, candleHolder, bambooGlassJar, mug];

const ADS_OF_CATEGORY: ReadonlyMap<string, readonly Advertisement[]> = new Map([
  ['clothing', [tankTop]],
  ['accessories', [watch]],
  ['footwear', [loafers]],
  ['hair', [hairdryer]],
  ['decor', [candleHolder]],
  ['kitchen', [bambooGlassJar, mug]],
]);

/**
 * Selects the ads of the categories, each once, in the order of the categories; two different random ads when no category
 * has any. Never empty: clients of the original protocol fail on an empty list.
 *
 * @param contextKeys categories, in upper or lower case
 * @param randomBelow returns a random integer from 0 to `limit - 1`
 */
export function chooseAds(
  contextKeys: readonly string[],
  randomBelow: (limit: number) => number,
): readonly Advertisement[] {
  const fitting = contextKeys.flatMap((key) => ADS_OF_CATEGORY.get(key.toLowerCase()) ?? []);
  return fitting.length > 0 ? [...new Set(fitting)] : twoOf(ADS, randomBelow);
}

function twoOf<T>(all: readonly T[], randomBelow: (limit: number) => number): readonly T[] {
  const first = randomBelow(all.length);
  const others = all.filter((_, index) => index !== first);
  const second = randomBelow(others.length);
  return [...all.slice(first, first + 1), ...others.slice(second, second + 1)];
}
