import { optionalIdempotencyKey, requireId, requireIdempotencyKey, requireUserId } from './ids.ts';

describe('an id', () => {
  it('has 1 to 128 characters', () => {
    expect(requireUserId('x'.repeat(128))).toHaveLength(128);
    expect(requireId('id', 'OLJCESPC7Z')).toBe('OLJCESPC7Z');
    expect(requireIdempotencyKey('k')).toBe('k');
  });

  it.each<[string, () => unknown, string, string]>([
    [
      'a user id of 129',
      () => requireUserId('x'.repeat(129)),
      'USER_ID_INVALID',
      'user_id must have at most 128 characters',
    ],
    ['an empty user id', () => requireUserId(''), 'USER_ID_INVALID', 'user_id must not be empty'],
    ['an empty product id', () => requireId('id', ''), 'ID_INVALID', 'id must not be empty'],
    ['an empty key', () => requireIdempotencyKey(''), 'IDEMPOTENCY_KEY_INVALID', 'idempotency_key must not be empty'],
    [
      'an empty optional key',
      () => optionalIdempotencyKey(''),
      'IDEMPOTENCY_KEY_INVALID',
      'idempotency_key must not be empty',
    ],
  ])('refuses %s', (_what, act, reason, message) => {
    expect(act).toThrow(expect.objectContaining({ kind: 'invalid', reason, message }));
  });

  it('may be absent where it is an optional key', () => {
    expect(optionalIdempotencyKey(undefined)).toBeUndefined();
  });
});
