import fc from 'fast-check';
import { redacted, SECRET_FIELDS } from './redact.ts';

describe('redacted', () => {
  it('replaces the value of every field of personal data, in any letter case of its name', () => {
    const card = 'creditCard credit_card creditCardNumber credit_card_number creditCardCvv credit_card_cvv';
    const place = 'streetAddress street_address city state country zipCode zip_code postalCode postal_code';
    const rest = 'email address shippingAddress shipping_address cookie set-cookie authorization password';
    for (const name of `${card} ${place} ${rest}`.split(' ')) {
      for (const written of [name, name.toUpperCase(), name.toLowerCase()]) {
        expect(redacted({ [written]: 's3cret' })).toEqual({ [written]: '[redacted]' });
      }
    }
  });

  it('replaces personal data at any depth and keeps the other fields', () => {
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

  it('leaves no value of a secret field in any tree of values', () => {
    const name = fc.oneof(fc.constantFrom(...SECRET_FIELDS), fc.string());
    const tree = fc.letrec((tie) => ({
      leaf: fc.oneof(fc.integer(), fc.boolean(), fc.constant(null)),
      node: fc.oneof({ maxDepth: 4 }, tie('leaf'), fc.dictionary(name, tie('node')), fc.array(tie('node'))),
    }));
    fc.assert(
      fc.property(fc.dictionary(name, tree.node), (fields) => {
        const kept = (value: unknown): boolean =>
          typeof value === 'object' &&
          value !== null &&
          Object.entries(value).some(([key, field]) =>
            SECRET_FIELDS.has(key.toLowerCase()) ? field !== '[redacted]' : kept(field),
          );
        expect(kept(redacted(fields))).toBe(false);
      }),
    );
  });

  it('returns the same object when it has no personal data', () => {
    const fields = { rpc: 'GetCart', nested: { code: 'OK', list: [1, { a: 2 }] } };
    expect(redacted(fields)).toBe(fields);
  });

  it('redacts what toJSON returns', () => {
    const shopper = { toJSON: () => ({ name: 'ann', email: 'a@b.c', past: { toJSON: () => [{ city: 'Bern' }] } }) };
    expect(JSON.parse(JSON.stringify(redacted({ shopper })))).toEqual({
      shopper: { name: 'ann', email: '[redacted]', past: [{ city: '[redacted]' }] },
    });
    expect(JSON.stringify(redacted({ at: new Date(0), url: new URL('http://x.example/') }))).toBe(
      '{"at":"1970-01-01T00:00:00.000Z","url":"http://x.example/"}',
    );
  });

  it('ends on circular values and on a toJSON that returns itself', () => {
    const circle: Record<string, unknown> = { a: 1 };
    circle.self = circle;
    expect(JSON.stringify(redacted(circle))).toContain('tooDeep');
    const itself: object = { email: 'a@b.c', toJSON: () => itself };
    expect(JSON.stringify(redacted({ itself }))).toBe('{"itself":{"tooDeep":true}}');
  });
});
