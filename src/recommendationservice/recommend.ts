/** Products one answer holds at most. */
export const MAX_RECOMMENDATIONS = 5;

/**
 * Draws up to five products a shopper has not chosen yet, none twice; each of them, in each order, is equally likely.
 *
 * @param chosenIds what the shopper looks at or has in the cart; an id that no product has changes nothing
 * @param randomBelow a random whole number from 0 to `limit - 1`
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

// The first steps of a Fisher-Yates shuffle: each draws one of those that are left. Source: Knuth, TAOCP 2, 3.4.2.
function draw<T>(left: T[], count: number, randomBelow: (limit: number) => number): T[] {
  const drawn: T[] = [];
  while (drawn.length < count && left.length > 0) drawn.push(...left.splice(randomBelow(left.length), 1));
  return drawn;
}
