import type { DomainError } from '../lib/errors.ts';
import { invalidField } from '../lib/fields.ts';

/** Returns the token of the page that starts after this order. Opaque to callers. */
export function pageToken(lastOrderId: string): string {
  return Buffer.from(lastOrderId).toString('base64url');
}

/**
 * Returns the id of the order that precedes the page.
 *
 * @throws {DomainError} PAGE_TOKEN_INVALID when it was not made by `pageToken`
 */
export function readPageToken(token: string): string {
  const orderId = Buffer.from(token, 'base64url').toString();
  if (token.length > 256 || pageToken(orderId) !== token) {
    throw unknownPage();
  }
  return orderId;
}

/** The error for a token that this service did not issue to this user, or whose order is no longer stored. */
export function unknownPage(): DomainError {
  return invalidField('page_token', 'must be the next_page_token of a response');
}
