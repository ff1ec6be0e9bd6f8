/** Pseudo-random whole numbers below a limit, from a fixed seed. */
export function repeatableRandom(seed = 1): (limit: number) => number {
  let state = seed;
  return (limit) => {
    // Source: the minimal standard generator of Park and Miller.
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
}
