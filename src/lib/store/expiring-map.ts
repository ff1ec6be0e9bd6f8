/** Values by key, bounded by age and number. */
export type ExpiringMap<V> = {
  /** Returns the value, or `undefined` when it is absent, expired or evicted. Reading does not extend its life. */
  readonly get: (key: string) => V | undefined;
  /** Sets or replaces a value; its time to live starts again. */
  readonly set: (key: string, value: V) => void;
  readonly delete: (key: string) => void;
};

/**
 * Keeps values in memory; when it is full, evicts the value that was set longest ago.
 *
 * @param options.now milliseconds since 1970
 * @param options.ttlMs time to live after a value was set, in milliseconds
 */
export function expiringMap<V>(options: { now: () => number; ttlMs: number; maxEntries: number }): ExpiringMap<V> {
  const { now, ttlMs, maxEntries } = options;
  // In the order they were set: the order of expiry, unless the clock was set back in between.
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
