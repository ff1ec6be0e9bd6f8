import { cartKeyOf, cartVersionIn, orderKey, readAttempt, readOrderKey } from './order-key.ts';

describe('the key of an order', () => {
  it('names the version of the cart', () => {
    expect(cartVersionIn(orderKey({ cartKey: cartKeyOf('v:7'), attempt: 12 }))).toBe('v:7');
  });

  it.each(['', 'v7:1', 'cart:', 'cart::1', 'cart:v7', 'cart:v7:', 'cart:v7:x', 'form-1:1'])(
    'names no version when it is %j',
    (key) => {
      expect(cartVersionIn(key)).toBeUndefined();
    },
  );

  it('has at most 128 characters and can be read back', () => {
    const attempt = { cartKey: 'a:b.'.repeat(25), attempt: 9999 };
    expect(orderKey(attempt).length).toBeLessThanOrEqual(128);
    expect(readOrderKey(orderKey(attempt))).toEqual(attempt);
  });

  it.each(['', 'v7', ':1', 'v7:', 'v7:x', 'v 7:1'])('is not read from %j', (key) => {
    expect(readOrderKey(key)).toBeUndefined();
  });

  it.each([
    ['', '1'],
    ['cart:v7', ''],
    ['cart:v7', '0'],
    ['cart:v7', '-1'],
    ['cart:v7', '1.5'],
    ['cart:v7', '10000'],
    ['cart:v7 ', '1'],
    ['<script>', '1'],
    ['x'.repeat(101), '1'],
  ])('is not read from the parts %j and %j', (cartKey, attempt) => {
    expect(readAttempt(cartKey, attempt)).toBeUndefined();
  });
});
