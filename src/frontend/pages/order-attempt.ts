import type { Form } from '../page/forms.ts';

/** Which cart a checkout form buys, and which attempt at it this is. Together they are the key of the order. */
export type OrderAttempt = { readonly cartKey: string; readonly attempt: number };

const CART_KEY = /^[\w:.-]{1,100}$/;
const ATTEMPT = /^[1-9]\d{0,3}$/;

/**
 * The hidden fields of a checkout form. The version of the cart is the key, so that the same goods bought twice are two
 * orders, a double click, a reload or a second tab is one, and a form for a cart that was changed since is refused. A cart
 * without versions gets a random key of this form.
 *
 * @param options.sent the attempt of the form that is shown again; one that never reached checkout is still to be made
 * @param options.refused the last attempt that checkout refused: to repeat it would only repeat the refusal
 */
export function hiddenFields(options: {
  version: string | undefined;
  sent: OrderAttempt | undefined;
  refused: OrderAttempt | undefined;
  newId: () => string;
}): { readonly cart_key: string; readonly attempt: string } {
  const { version, sent, refused, newId } = options;
  const cartKey = version === undefined ? (sent?.cartKey ?? `form-${newId()}`) : `cart:${version}`;
  const attemptOf = (known: OrderAttempt | undefined): number => (known?.cartKey === cartKey ? known.attempt : 0);
  return { cart_key: cartKey, attempt: String(Math.max(1, attemptOf(sent), attemptOf(refused) + 1)) };
}

/** Reads the hidden fields; `undefined` when the form brings none, or none that this shop made. */
export function readAttempt(form: Form): OrderAttempt | undefined {
  return attemptFrom(form.get('cart_key') ?? '', form.get('attempt') ?? '');
}

/** The idempotency key of an attempt: what checkout itself makes of the cart's version when it is given none. */
export function keyOf(attempt: OrderAttempt): string {
  return `${attempt.cartKey}:${attempt.attempt}`;
}

/** Reads an idempotency key back; `undefined` when it is none that this shop made. */
export function readKey(key: string | undefined): OrderAttempt | undefined {
  const colon = key?.lastIndexOf(':') ?? -1;
  return key === undefined || colon < 0 ? undefined : attemptFrom(key.slice(0, colon), key.slice(colon + 1));
}

function attemptFrom(cartKey: string, attempt: string): OrderAttempt | undefined {
  return CART_KEY.test(cartKey) && ATTEMPT.test(attempt) ? { cartKey, attempt: Number(attempt) } : undefined;
}
