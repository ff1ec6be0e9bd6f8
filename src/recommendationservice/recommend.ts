/** Largest number of recommended products. */
export const MAX_RECOMMENDATIONS = 5;

/**
 * Selects up to five different products that are not among `chosenIds`. Every selection in every order is equally likely.
 *
 * @param chosenIds products that are on the page or in the cart; unknown ids have no effect
 * @param randomBelow returns a random integer from 0 to `limit - 1`
 */
export function recommend<P extends { readonly id: string }>(
  products: readonly P[],
  chosenIds: readonly string[],
  randomBelow: (limit: number) => number,
): P[] {
  const candidates = new Map(products.map((product) => [product.id, product]));
  for (const id of chosenIds) candidates.delete(id);
  return draw([...candidates.values()], MAX_RECOMMENDATIONS, randomBelow);
}

// The first steps of a Fisher-Yates shuffle: each selects one of the remaining elements. Source: Knuth, TAOCP 2, 3.4.2.
function draw<T>(left: T[], count: number, randomBelow: (limit: number) => number): T[] {
  const drawn: T[] = [];
  while (drawn.length < count && left.length > 0) drawn.push(...left.splice(randomBelow(left.length), 1));
  return drawn;
}
