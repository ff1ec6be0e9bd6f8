const BIGINT = '$bigint';

/**
 * Encodes stored values as JSON. A bigint becomes `{"$bigint":"12"}`, because JSON numbers lose precision past 2^53;
 * properties that are `undefined` are omitted.
 */
export function encodeJson(value: unknown): string {
  // A replacer function makes JSON.stringify several times slower.
  return JSON.stringify(withTags(value));
}

/**
 * Decodes what {@link encodeJson} made.
 *
 * @throws {SyntaxError} when the text is not JSON
 */
export function decodeJson<V>(text: string): V {
  // A reviver function makes JSON.parse several times slower.
  const value: unknown = JSON.parse(text);
  return (text.includes(BIGINT) ? withBigints(value) : value) as V;
}

/** Returns the value with each bigint replaced by its tagged form. Copies only what contains one. */
function withTags(value: unknown): unknown {
  if (typeof value === 'bigint') return { [BIGINT]: `${value}` };
  if (!isContainer(value)) return value;
  let copy: Record<string, unknown> | undefined;
  for (const [key, member] of Object.entries(value)) {
    const tagged = withTags(member);
    if (tagged === member) continue;
    copy ??= (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
    copy[key] = tagged;
  }
  return copy ?? value;
}

/** Replaces each tagged form in a parsed value by its bigint, in place. */
function withBigints(value: unknown): unknown {
  if (!isContainer(value)) return value;
  if (BIGINT in value) return BigInt(String(value[BIGINT]));
  for (const [key, member] of Object.entries(value)) {
    if (isContainer(member)) value[key] = withBigints(member);
  }
  return value;
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
