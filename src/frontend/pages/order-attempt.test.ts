import { hiddenFields, keyOf, type OrderAttempt, readAttempt, readKey } from './order-attempt.ts';

const newId = () => 'new';
const fields = (options: { version?: string; sent?: OrderAttempt; refused?: OrderAttempt }) =>
  hiddenFields({ version: options.version, sent: options.sent, refused: options.refused, newId });

describe('the hidden fields of a checkout form', () => {
  it('name the version of the cart and the first attempt', () => {
    expect(fields({ version: 'v7' })).toEqual({ cart_key: 'cart:v7', attempt: '1' });
  });

  it('name a key of their own when the cart has no versions', () => {
    expect(fields({})).toEqual({ cart_key: 'form-new', attempt: '1' });
  });

  it('count on from an attempt that was refused', () => {
    const refused = { cartKey: 'cart:v7', attempt: 2 };
    expect(fields({ version: 'v7', sent: refused, refused })).toEqual({ cart_key: 'cart:v7', attempt: '3' });
    expect(fields({ version: 'v7', refused })).toEqual({ cart_key: 'cart:v7', attempt: '3' });
  });

  it('stay the same when the form never reached checkout', () => {
    const sent = { cartKey: 'cart:v7', attempt: 2 };
    expect(fields({ version: 'v7', sent })).toEqual({ cart_key: 'cart:v7', attempt: '2' });
    expect(fields({ version: 'v7', sent, refused: { cartKey: 'cart:v7', attempt: 1 } })).toMatchObject({
      attempt: '2',
    });
    expect(fields({ sent: { cartKey: 'form-old', attempt: 1 } })).toEqual({ cart_key: 'form-old', attempt: '1' });
  });

  it('count on from a refused attempt without versions too', () => {
    const refused = { cartKey: 'form-old', attempt: 1 };
    expect(fields({ sent: refused, refused })).toEqual({ cart_key: 'form-old', attempt: '2' });
  });

  it('start again when the cart has changed since', () => {
    const refused = { cartKey: 'cart:v7', attempt: 2 };
    expect(fields({ version: 'v8', sent: refused, refused })).toEqual({ cart_key: 'cart:v8', attempt: '1' });
  });
});

describe('reading the attempt of a form', () => {
  const read = (cart_key: string, attempt: string) => readAttempt(new Map(Object.entries({ cart_key, attempt })));

  it('answers what the form was made with', () => {
    expect(read('v7', '12')).toEqual({ cartKey: 'v7', attempt: 12 });
    expect(read('00000000-0000-4000-8000-000000000001', '1')).toBeDefined();
  });

  it.each([
    ['no key', '', '1'],
    ['a key with a space', 'a b', '1'],
    ['a key with a line break', 'a\n', '1'],
    ['a long key', 'x'.repeat(101), '1'],
    ['attempt 0', 'v7', '0'],
    ['attempt -1', 'v7', '-1'],
    ['attempt 10000', 'v7', '10000'],
    ['attempt 1e3', 'v7', '1e3'],
    ['no attempt', 'v7', ''],
  ])('takes a tampered form for one without: %s', (_what, cartKey, attempt) => {
    expect(read(cartKey, attempt)).toBeUndefined();
  });

  it('takes a form without hidden fields, as the load script sends it', () => {
    expect(readAttempt(new Map())).toBeUndefined();
  });
});

describe('the key of an attempt', () => {
  it('is at most 128 characters long and can be read back', () => {
    const attempt = { cartKey: 'a:b.'.repeat(25), attempt: 9999 };
    expect(keyOf(attempt).length).toBeLessThanOrEqual(128);
    expect(readKey(keyOf(attempt))).toEqual(attempt);
  });

  it.each([undefined, '', 'v7', ':1', 'v7:', 'v7:x', 'v 7:1'])('is none when it was not made here: %j', (key) => {
    expect(readKey(key)).toBeUndefined();
  });
});
