import type { Form } from '../http/forms.ts';

/** Which cart a checkout form buys, and for the how manieth time. Together they are the key of the order. */
export type OrderAttempt = { readonly cartKey: string; readonly attempt: number };

/**
 * The hidden fields of a checkout form. The version of the cart is the key, so that the same goods bought twice are two
 * orders, and a double click, a reload or a second tab is one. A cart without versions gets a random key of this form.
 */
export function hiddenFields(options: {
  version: string | undefined;
  refused: OrderAttempt | undefined;
  newId: () => string;
}): { readonly cart_key: string; readonly attempt: string } {
  const { version, refused, newId } = options;
  const cartKey = version ?? refused?.cartKey ?? `form-${newId()}`;
  const attempt = refused?.cartKey === cartKey ? refused.attempt + 1 : 1;
  return { cart_key: cartKey, attempt: String(attempt) };
}

/** Reads the hidden fields; `undefined` when the form brings none, or none that this shop made. */
export function readAttempt(form: Form): OrderAttempt | undefined {
  const cartKey = form.get('cart_key') ?? '';
  const attempt = form.get('attempt') ?? '';
  if (!/^[\w:.-]{1,100}$/.test(cartKey) || !/^[1-9]\d{0,3}$/.test(attempt)) return undefined;
  return { cartKey, attempt: Number(attempt) };
}

/** The idempotency key of an attempt: what checkout itself makes of the cart's version when it is given none. */
export function keyOf(attempt: OrderAttempt): string {
  return `${attempt.cartKey}:${attempt.attempt}`;
}
