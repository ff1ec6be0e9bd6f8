/** A time such as `2026-03-01T12:00:00.123Z`, shown as `2026-03-01 12:00 UTC`. */
export function Time({ time }: { readonly time: string }) {
  return <time datetime={time}>{time.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::[\d.]+)?Z$/, '$1 $2 UTC')}</time>;
}
