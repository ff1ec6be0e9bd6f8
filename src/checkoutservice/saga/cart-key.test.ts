import { cartKey, versionMeant } from './cart-key.ts';

describe('the key of a cart', () => {
  it('says which version it means', () => {
    expect(versionMeant(cartKey('v:7', 12))).toBe('v:7');
  });

  it.each(['', 'v7:1', 'cart:', 'cart::1', 'cart:v7', 'cart:v7:', 'cart:v7:x', 'form-1:1'])(
    'is not taken for one that means any: %j',
    (key) => {
      expect(versionMeant(key)).toBeUndefined();
    },
  );
});
