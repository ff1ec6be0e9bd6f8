/** A name with whether it is present. */
export type Choice = readonly [name: string, isPresent: boolean];

/**
 * Subsets of the names in which every three names occur in all eight ways of being present or absent: a covering array
 * of strength 3, built greedily. Some 20 subsets serve ten names.
 */
export function coveringSets(names: readonly string[]): readonly (readonly string[])[] {
  const uncovered = new Map(triplesOf(names).map((triple) => [keyOf(triple), triple]));
  const sets: string[][] = [];
  for (const triple of uncovered.values()) {
    const present = new Map(triple);
    for (const name of names) {
      if (present.has(name)) continue;
      const newWith = (isPresent: boolean): number =>
        combinationsOf(2, [...present]).filter((pair) => uncovered.has(keyOf([...pair, [name, isPresent]]))).length;
      present.set(name, newWith(true) >= newWith(false));
    }
    for (const covered of combinationsOf(3, [...present])) uncovered.delete(keyOf(covered));
    sets.push(names.filter((name) => present.get(name)));
  }
  return sets;
}

/** Every three names, in all eight ways of being present or absent. */
export function triplesOf(names: readonly string[]): readonly (readonly Choice[])[] {
  return combinationsOf(3, names).flatMap((three) =>
    Array.from({ length: 2 ** three.length }, (_, bits) =>
      three.map((name, place): Choice => [name, Math.floor(bits / 2 ** place) % 2 === 1]),
    ),
  );
}

function combinationsOf<T>(count: number, items: readonly T[]): readonly (readonly T[])[] {
  if (count === 0) return [[]];
  return items.flatMap((item, at) => combinationsOf(count - 1, items.slice(at + 1)).map((others) => [item, ...others]));
}

function keyOf(choices: readonly Choice[]): string {
  return choices
    .map(([name, isPresent]) => `${name}=${isPresent}`)
    .sort()
    .join();
}
