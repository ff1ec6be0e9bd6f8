import { createHash } from 'node:crypto';
import type { LetterKind } from './letter.ts';

export type Mail = {
  readonly kind: LetterKind;
  readonly orderId: string;
  /** One valid address without a display name. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

const MAX_NAME_LENGTH = 80;

/**
 * Returns the order id and the kind as one word of letters, digits, `-` and `_`, for a file name and a Message-ID. Different
 * mails have different names: an id with other characters is replaced and gets a hash of the original.
 */
export function mailName({ orderId, kind }: Pick<Mail, 'orderId' | 'kind'>): string {
  const safe = orderId.replace(/[^A-Za-z0-9-]/g, '_').slice(0, MAX_NAME_LENGTH);
  const hash = safe === orderId ? '' : `_${createHash('sha256').update(orderId).digest('hex').slice(0, 12)}`;
  return `${safe}${hash}_${kind}`;
}
