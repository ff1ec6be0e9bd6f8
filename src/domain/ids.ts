import { type FieldPath, requireText } from '../lib/fields.ts';
import { MAX_ID_LENGTH } from './limits.ts';

/**
 * Returns the id: 1 to 128 printable characters. Does not check that the id exists.
 *
 * @param field name in the .proto file, such as `order_id` or `items[2].product_id`
 * @throws {DomainError} `<FIELD>_INVALID`
 */
export function requireId<Path extends string>(field: FieldPath<Path>, value: string): string {
  return requireText<Path>(field, value, { min: 1, max: MAX_ID_LENGTH });
}

/** @throws {DomainError} USER_ID_INVALID */
export function requireUserId(value: string): string {
  return requireId('user_id', value);
}

/** @throws {DomainError} IDEMPOTENCY_KEY_INVALID */
export function requireIdempotencyKey(value: string): string {
  return requireId('idempotency_key', value);
}

/**
 * Returns the key, or `undefined` when the call has none.
 *
 * @throws {DomainError} IDEMPOTENCY_KEY_INVALID
 */
export function optionalIdempotencyKey(value: string | undefined): string | undefined {
  return value === undefined ? undefined : requireIdempotencyKey(value);
}
