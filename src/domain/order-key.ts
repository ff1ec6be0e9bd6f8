/**
 * One attempt to buy one cart. `cartKey` names the cart and its content: {@link cartKeyOf} for a cart with versions, any
 * other text for a cart without.
 */
export type OrderAttempt = {
  readonly cartKey: string;
  /** Counts from 1; each rejected order allows another. */
  readonly attempt: number;
};

const CART_KEY = /^[\w:.-]{1,100}$/;
const ATTEMPT = /^[1-9]\d{0,3}$/;

/** The key of one version of a cart. */
export function cartKeyOf(version: string): string {
  return `cart:${version}`;
}

/** The idempotency key of an order, at most 105 characters. Checkout derives it for a caller that sends none. */
export function orderKey({ cartKey, attempt }: OrderAttempt): string {
  return `${cartKey}:${attempt}`;
}

/** Parses an idempotency key; `undefined` when {@link orderKey} did not make it. */
export function readOrderKey(key: string): OrderAttempt | undefined {
  const colon = key.lastIndexOf(':');
  return colon < 0 ? undefined : readAttempt(key.slice(0, colon), key.slice(colon + 1));
}

/** Parses the two parts of an order key, as a form carries them. */
export function readAttempt(cartKey: string, attempt: string): OrderAttempt | undefined {
  return CART_KEY.test(cartKey) && ATTEMPT.test(attempt) ? { cartKey, attempt: Number(attempt) } : undefined;
}

/** The version of the cart that an idempotency key is for; `undefined` for a key that names no version. */
export function cartVersionIn(key: string): string | undefined {
  return /^cart:(.+):\d+$/.exec(key)?.[1];
}
