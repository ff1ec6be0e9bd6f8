import fc from 'fast-check';
import { decodeJson, encodeJson } from './json-codec.ts';

describe('encodeJson', () => {
  it('keeps every value that decodeJson reads, bigints included', () => {
    const value = fc.letrec((tie) => ({
      leaf: fc.oneof(fc.string(), fc.integer(), fc.bigInt(), fc.boolean(), fc.constant(null)),
      tree: fc.oneof(
        { maxDepth: 3 },
        tie('leaf'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-z]+$/), tie('tree'), { maxKeys: 3, noNullPrototype: true }),
      ),
    })).tree;
    fc.assert(fc.property(value, (given) => expect(decodeJson(encodeJson(given))).toEqual(given)));
  });

  it('encodes a bigint as a decimal string, and omits undefined properties', () => {
    expect(encodeJson({ nanos: 2n ** 70n, city: undefined })).toBe('{"nanos":{"$bigint":"1180591620717411303424"}}');
  });
});
