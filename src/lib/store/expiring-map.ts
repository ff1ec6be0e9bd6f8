/** Values by key, each kept for a while, and only so many at once. */
export type ExpiringMap<V> = {
  /** Answers the value, or `undefined` when there is none any more. Does not prolong its life. */
  readonly get: (key: string) => V | undefined;
  /** Keeps a value, in place of an earlier one, for the whole time from now on. */
  readonly set: (key: string, value: V) => void;
  readonly delete: (key: string) => void;
};

/**
 * Keeps values in memory, bounded by age and number; the ones set longest ago go first.
 *
 * @param options.now milliseconds since 1970
 * @param options.ttlMs how long a value is kept after it was set, in milliseconds
 */
export function expiringMap<V>(options: { now: () => number; ttlMs: number; maxEntries: number }): ExpiringMap<V> {
  const { now, ttlMs, maxEntries } = options;
  // In the order they were set, which is the order they expire in unless the clock was set back in between.
  const entries = new Map<string, { readonly value: V; readonly expiresAtMs: number }>();
  const dropOld = (): void => {
    for (const [key, { expiresAtMs }] of entries) {
      if (expiresAtMs > now() && entries.size <= maxEntries) return;
      entries.delete(key);
    }
  };
  return {
    get: (key) => {
      dropOld();
      const entry = entries.get(key);
      return entry === undefined || entry.expiresAtMs <= now() ? undefined : entry.value;
    },
    set: (key, value) => {
      entries.delete(key);
      entries.set(key, { value, expiresAtMs: now() + ttlMs });
      dropOld();
    },
    delete: (key) => {
      entries.delete(key);
    },
  };
}
