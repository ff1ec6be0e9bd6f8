import { cartKeyOf, type OrderAttempt, readAttempt, readOrderKey } from '../../domain/order-key.ts';
import type { Form } from '../page/forms.ts';

/**
 * The hidden fields of a checkout form. The version of the cart is the key, so that the same goods bought twice are two
 * orders, while a double click, a reload or a second tab is one, and a form for a cart that has changed is refused. A
 * cart without versions gets a random key for each form.
 *
 * @param options.sent the attempt of a form that is shown again; it is kept unless checkout rejected it
 * @param options.refused the last attempt that checkout rejected; its key only returns the rejection
 */
export function hiddenFields(options: {
  version: string | undefined;
  sent: OrderAttempt | undefined;
  refused: OrderAttempt | undefined;
  newId: () => string;
}): { readonly cart_key: string; readonly attempt: string } {
  const { version, sent, refused, newId } = options;
  const cartKey = version === undefined ? (sent?.cartKey ?? `form-${newId()}`) : cartKeyOf(version);
  const attemptOf = (known: OrderAttempt | undefined): number => (known?.cartKey === cartKey ? known.attempt : 0);
  return { cart_key: cartKey, attempt: String(Math.max(1, attemptOf(sent), attemptOf(refused) + 1)) };
}

/** Reads the hidden fields; `undefined` when the form has none or other ones than this shop makes. */
export function attemptIn(form: Form): OrderAttempt | undefined {
  return readAttempt(form.get('cart_key') ?? '', form.get('attempt') ?? '');
}

/** Reads the attempt that a cookie names. */
export function attemptOfKey(key: string | undefined): OrderAttempt | undefined {
  return key === undefined ? undefined : readOrderKey(key);
}
