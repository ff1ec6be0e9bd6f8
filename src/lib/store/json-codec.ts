const BIGINT = '$bigint';

/**
 * Encodes stored values as JSON. A bigint becomes `{"$bigint":"12"}`, because JSON numbers lose precision past 2^53;
 * properties that are `undefined` are omitted.
 */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'bigint' ? { [BIGINT]: `${member}` } : member,
  );
}

/**
 * Decodes what {@link encodeJson} made.
 *
 * @throws {SyntaxError} when the text is not JSON
 */
export function decodeJson<V>(text: string): V {
  return JSON.parse(text, (_key, member: unknown) => {
    const isTagged = typeof member === 'object' && member !== null && BIGINT in member;
    return isTagged ? BigInt(String(member[BIGINT])) : member;
  }) as V;
}
