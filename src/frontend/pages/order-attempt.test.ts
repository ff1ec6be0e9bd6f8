import type { OrderAttempt } from '../../domain/order-key.ts';
import { attemptIn, hiddenFields } from './order-attempt.ts';

const newId = () => 'new';
const fields = (options: { version?: string; sent?: OrderAttempt; refused?: OrderAttempt }) =>
  hiddenFields({ version: options.version, sent: options.sent, refused: options.refused, newId });

describe('the hidden fields of a checkout form', () => {
  it('name the version of the cart and the first attempt', () => {
    expect(fields({ version: 'v7' })).toEqual({ cart_key: 'cart:v7', attempt: '1' });
  });

  it('name a random key when the cart has no versions', () => {
    expect(fields({})).toEqual({ cart_key: 'form-new', attempt: '1' });
  });

  it('name the attempt after a refused attempt', () => {
    const refused = { cartKey: 'cart:v7', attempt: 2 };
    expect(fields({ version: 'v7', sent: refused, refused })).toEqual({ cart_key: 'cart:v7', attempt: '3' });
    expect(fields({ version: 'v7', refused })).toEqual({ cart_key: 'cart:v7', attempt: '3' });
  });

  it('stay the same when the form did not reach checkout', () => {
    const sent = { cartKey: 'cart:v7', attempt: 2 };
    expect(fields({ version: 'v7', sent })).toEqual({ cart_key: 'cart:v7', attempt: '2' });
    expect(fields({ version: 'v7', sent, refused: { cartKey: 'cart:v7', attempt: 1 } })).toMatchObject({
      attempt: '2',
    });
    expect(fields({ sent: { cartKey: 'form-old', attempt: 1 } })).toEqual({ cart_key: 'form-old', attempt: '1' });
  });

  it('name the attempt after a refused attempt also when the cart has no versions', () => {
    const refused = { cartKey: 'form-old', attempt: 1 };
    expect(fields({ sent: refused, refused })).toEqual({ cart_key: 'form-old', attempt: '2' });
  });

  it('name the first attempt again when the cart has changed', () => {
    const refused = { cartKey: 'cart:v7', attempt: 2 };
    expect(fields({ version: 'v8', sent: refused, refused })).toEqual({ cart_key: 'cart:v8', attempt: '1' });
  });
});

describe('attemptIn', () => {
  it('reads the hidden fields of a form', () => {
    expect(attemptIn(new Map(Object.entries({ cart_key: 'v7', attempt: '12' })))).toEqual({
      cartKey: 'v7',
      attempt: 12,
    });
  });

  it('returns nothing for a form without hidden fields, as the load script sends it', () => {
    expect(attemptIn(new Map())).toBeUndefined();
  });
});
