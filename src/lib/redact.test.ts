import fc from 'fast-check';
import { redacted, SECRET_FIELDS } from './redact.ts';

describe('redaction', () => {
  it('knows every name personal data goes by', () => {
    const names = ['creditCard', 'credit_card_number', 'creditCardCvv', 'email', 'address', 'street_address'];
    for (const name of [...names, 'cookie', 'set-cookie', 'authorization', 'password']) {
      expect(SECRET_FIELDS.has(name)).toBe(true);
    }
  });

  it('replaces personal data wherever it hangs, and leaves the rest', () => {
    const order = {
      id: 'o-1',
      email: 'a@b.c',
      lines: [{ product: 'mug', address: { street: 'x' } }],
      time: new Date(0),
    };
    expect(redacted({ order, n: 1 })).toEqual({
      order: { id: 'o-1', email: '[redacted]', lines: [{ product: 'mug', address: '[redacted]' }], time: new Date(0) },
      n: 1,
    });
    expect(order.email).toBe('a@b.c');
  });

  it('keeps nothing of a secret in whatever is written', () => {
    const name = fc.oneof(fc.constantFrom(...SECRET_FIELDS), fc.string());
    const tree = fc.letrec((tie) => ({
      leaf: fc.oneof(fc.integer(), fc.boolean(), fc.constant(null)),
      node: fc.oneof({ depthSize: 'medium' }, tie('leaf'), fc.dictionary(name, tie('node')), fc.array(tie('node'))),
    }));
    fc.assert(
      fc.property(fc.dictionary(name, tree.node), (fields) => {
        const kept = (value: unknown): boolean =>
          typeof value === 'object' &&
          value !== null &&
          Object.entries(value).some(([key, field]) => (SECRET_FIELDS.has(key) ? field !== '[redacted]' : kept(field)));
        expect(kept(redacted(fields))).toBe(false);
      }),
    );
  });

  it('answers what holds none as it is', () => {
    const fields = { rpc: 'GetCart', nested: { code: 'OK', list: [1, { a: 2 }] } };
    expect(redacted(fields)).toBe(fields);
  });

  it('ends on what has no end', () => {
    const circle: Record<string, unknown> = { a: 1 };
    circle.self = circle;
    expect(JSON.stringify(redacted(circle))).toContain('tooDeep');
  });
});
