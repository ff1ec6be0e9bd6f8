import { invalidField } from '../lib/fields.ts';

/** Who a mail is from or to. */
export type Mailbox = {
  /** As it is shown; empty for a bare address. */
  readonly name: string;
  /** Such as `orders@mercato.example`. */
  readonly address: string;
};

// Source: RFC 5321, 4.5.3.1: a path has at most 256 octets with its angle brackets, a local part at most 64.
const MAX_ADDRESS_LENGTH = 254;
// Neither part holds what could end it and begin something else: white space, control and invisible characters, the
// special characters of RFC 5322. Quoted local parts are therefore not accepted.
const LOCAL_PART = /^[^\s\p{C}@<>()[\],;:\\"]{1,64}$/u;
const DOMAIN =
  /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?)*$/u;

/** True for an address that a mail can be sent to: one @, at most 254 characters, nothing that could end a header. */
export function isEmailAddress(text: string): boolean {
  if (Buffer.byteLength(text) > MAX_ADDRESS_LENGTH) return false;
  const [local = '', domain = '', ...more] = text.split('@');
  return more.length === 0 && LOCAL_PART.test(local) && DOMAIN.test(domain);
}

/**
 * Answers the address of a request. The refusal never repeats it.
 *
 * @throws {DomainError} EMAIL_INVALID when a mail cannot be sent to it
 */
export function requireEmailAddress(value: string): string {
  if (!isEmailAddress(value)) throw invalidField('email', 'must be an email address, such as ann@example.com');
  return value;
}

/** Reads `orders@mercato.example` or `Mercato <orders@mercato.example>`; `undefined` when it is neither. */
export function readMailbox(text: string): Mailbox | undefined {
  const match = /^([^<>"\p{C}]{0,100})<([^<>]+)>$/u.exec(text.trim());
  const mailbox =
    match === null ? { name: '', address: text.trim() } : { name: match[1] ?? '', address: match[2] ?? '' };
  return isEmailAddress(mailbox.address) ? { ...mailbox, name: mailbox.name.trim() } : undefined;
}

/** What stands behind the @. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
