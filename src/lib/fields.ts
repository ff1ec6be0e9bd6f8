import { DomainError } from './errors.ts';

// C0 and C1 control characters, and what a decoder leaves where bytes were not UTF-8.
const UNPRINTABLE = /[\p{Cc}\ufffd]/u;

/** Says what is wrong with a text, or `undefined` when it is `min` to `max` printable characters long. */
export function textProblem(value: string, limits: { min: number; max: number }): string | undefined {
  if (value.length < limits.min)
    return limits.min === 1 ? 'must not be empty' : `must have at least ${limits.min} characters`;
  if (value.length > limits.max) return `must have at most ${limits.max} characters`;
  if (!value.isWellFormed() || UNPRINTABLE.test(value)) return 'must not contain control characters or broken text';
  return undefined;
}

/**
 * Refuses a request because of one of its fields. The reason is `<FIELD>_INVALID`, such as `USER_ID_INVALID`.
 *
 * @param field name in the .proto file, such as `user_id` or `items[2].quantity`
 */
export function invalidField(field: string, problem: string): DomainError {
  const name = field.replace(/\[\d+\]/g, '').replaceAll('.', '_');
  return new DomainError('invalid', `${name.toUpperCase()}_INVALID`, `${field} ${problem}`, { metadata: { field } });
}

/**
 * Returns the text.
 *
 * @throws {DomainError} `<FIELD>_INVALID` when it is too short, too long, or not printable
 */
export function requireText(field: string, value: string, limits: { min: number; max: number }): string {
  const problem = textProblem(value, limits);
  if (problem !== undefined) throw invalidField(field, problem);
  return value;
}

/**
 * Returns the whole number.
 *
 * @throws {DomainError} `<FIELD>_INVALID` when it is not one from `min` to `max`
 */
export function requireInteger(field: string, value: number, limits: { min: number; max: number }): number {
  if (!Number.isInteger(value) || value < limits.min || value > limits.max) {
    throw invalidField(field, `must be a whole number from ${limits.min} to ${limits.max}`);
  }
  return value;
}

/**
 * Returns the list.
 *
 * @throws {DomainError} `<FIELD>_INVALID` when it has more than `max` elements
 */
export function requireAtMost<T>(field: string, values: readonly T[], max: number): readonly T[] {
  if (values.length > max) throw invalidField(field, `must have at most ${max} elements`);
  return values;
}

/**
 * Returns the message field.
 *
 * @throws {DomainError} `<FIELD>_INVALID` when it is absent
 */
export function requirePresent<T>(field: string, value: T | undefined): T {
  if (value === undefined) throw invalidField(field, 'must be present');
  return value;
}
