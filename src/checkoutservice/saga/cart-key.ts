/**
 * The idempotency key of a purchase of one version of a cart: what a caller without a key gets, and what a storefront
 * sends that wants to buy what it showed.
 *
 * @param attempt counts from 1; each rejected order allows another
 */
export function cartKey(version: string, attempt: number): string {
  return `cart:${version}:${attempt}`;
}

/** The version of the cart that a key means; `undefined` for any other key. */
export function versionMeant(idempotencyKey: string): string | undefined {
  return /^cart:(.+):\d+$/.exec(idempotencyKey)?.[1];
}
