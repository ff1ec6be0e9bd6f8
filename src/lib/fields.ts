import type { Reason } from './error-reason.ts';
import { DomainError } from './errors.ts';

// C0 and C1 control characters, and the replacement character of bytes that were not UTF-8.
const UNPRINTABLE = /[\p{Cc}\ufffd]/u;

/** `ITEMS_PRODUCT_ID_INVALID` for the path `items[2].product_id`. */
type InvalidReason<Path extends string> = Path extends `${infer Head}[${number}]${infer Tail}`
  ? InvalidReason<`${Head}${Tail}`>
  : Path extends `${infer Head}.${infer Tail}`
    ? InvalidReason<`${Head}_${Tail}`>
    : `${Uppercase<Path>}_INVALID`;

/**
 * The path of a request field in the .proto file, such as `user_id` or `items[2].quantity`. Only a path whose reason is
 * in the contract's enum compiles.
 */
export type FieldPath<Path extends string> = InvalidReason<Path> extends Reason ? Path : never;

/** Describes what is wrong with a text, or returns `undefined` when it is `min` to `max` printable characters long. */
export function textProblem(value: string, limits: { min: number; max: number }): string | undefined {
  if (value.length < limits.min)
    return limits.min === 1 ? 'must not be empty' : `must have at least ${limits.min} characters`;
  if (value.length > limits.max) return `must have at most ${limits.max} characters`;
  if (!value.isWellFormed() || UNPRINTABLE.test(value)) return 'must not contain control characters or broken text';
  return undefined;
}

/** The error for a request with a wrong field. Its reason is `<FIELD>_INVALID`, such as `USER_ID_INVALID`. */
export function invalidField<Path extends string>(field: FieldPath<Path>, problem: string): DomainError {
  const path: string = field;
  const name = path.replace(/\[\d+\]/g, '').replaceAll('.', '_');
  const reason = `${name.toUpperCase()}_INVALID` as Reason;
  return new DomainError('invalid', reason, `${path} ${problem}`, { metadata: { field: path } });
}

/** @throws {DomainError} `<FIELD>_INVALID` when the text is too short, too long, or not printable */
export function requireText<Path extends string>(
  field: FieldPath<Path>,
  value: string,
  limits: { min: number; max: number },
): string {
  const problem = textProblem(value, limits);
  if (problem !== undefined) throw invalidField(field, problem);
  return value;
}

/** @throws {DomainError} `<FIELD>_INVALID` when the value is not a whole number from `min` to `max` */
export function requireInteger<Path extends string>(
  field: FieldPath<Path>,
  value: number,
  limits: { min: number; max: number },
): number {
  if (!Number.isInteger(value) || value < limits.min || value > limits.max) {
    throw invalidField(field, `must be a whole number from ${limits.min} to ${limits.max}`);
  }
  return value;
}

/** @throws {DomainError} `<FIELD>_INVALID` when the list has more than `max` elements */
export function requireAtMost<Path extends string, T>(
  field: FieldPath<Path>,
  values: readonly T[],
  max: number,
): readonly T[] {
  if (values.length > max) throw invalidField(field, `must have at most ${max} elements`);
  return values;
}

/** @throws {DomainError} `<FIELD>_INVALID` when the message field is absent */
export function requirePresent<Path extends string, T>(field: FieldPath<Path>, value: T | undefined): T {
  if (value === undefined) throw invalidField(field, 'must be present');
  return value;
}
