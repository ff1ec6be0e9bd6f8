import { isEmailAddress } from '../domain/email-address.ts';

/** A sender or recipient. */
export type Mailbox = {
  /** The display name; empty when there is none. */
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

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
