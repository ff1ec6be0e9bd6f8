import type { DomainError } from '../lib/errors.ts';
import { invalidField } from '../lib/fields.ts';

/** A token for the page after this order. Opaque to callers. */
export function pageToken(lastOrderId: string): string {
  return Buffer.from(lastOrderId).toString('base64url');
}

/**
 * Reads the order a page begins after.
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

/** The refusal of a token that this service did not give to this user, or whose order it has forgotten. */
export function unknownPage(): DomainError {
  return invalidField('page_token', 'must be the next_page_token of an answer');
}
