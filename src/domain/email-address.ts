import { invalidField } from '../lib/fields.ts';
import { MAX_EMAIL_LENGTH } from './limits.ts';

// A local part has at most 64 octets (RFC 5321, 4.5.3.1). Neither part may contain white space, control or invisible
// characters, or the special characters of RFC 5322: with them one address could inject a second one or a header.
// Quoted local parts are therefore not accepted.
const LOCAL_PART = /^[^\s\p{C}@<>()[\],;:\\"]{1,64}$/u;
const DOMAIN =
  /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?)*$/u;

/** True for an address that a mail can be sent to: one @, at most 254 characters, no character that can end a header. */
export function isEmailAddress(text: string): boolean {
  if (Buffer.byteLength(text) > MAX_EMAIL_LENGTH) return false;
  const [local = '', domain = '', ...more] = text.split('@');
  return more.length === 0 && LOCAL_PART.test(local) && DOMAIN.test(domain);
}

/**
 * Returns the address of a request. The error does not contain the address.
 *
 * @throws {DomainError} EMAIL_INVALID when a mail cannot be sent to it
 */
export function requireEmailAddress(value: string): string {
  if (!isEmailAddress(value)) throw invalidField('email', 'must be an email address, such as ann@example.com');
  return value;
}
