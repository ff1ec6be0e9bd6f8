import { isEmailAddress } from '../domain/email-address.ts';

/** Who a mail is from or to. */
export type Mailbox = {
  /** As it is shown; empty for a bare address. */
  readonly name: string;
  /** Such as `orders@mercato.example`. */
  readonly address: string;
};

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
