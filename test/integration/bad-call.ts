import type { ShopClients } from './shop-clients.ts';

/** A bad request, and the one right answer to it: status and reason. */
export type BadCall = readonly [what: string, call: (to: ShopClients) => Promise<unknown>, answer: string];

/** Who makes the bad calls; has a cart and an order. */
export const CALLER = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

/** Texts that are no id of anything. A lone surrogate has no bytes in UTF-8: whoever encodes it sends U+FFFD. */
export const NO_IDS: readonly (readonly [what: string, text: string])[] = [
  ['empty', ''],
  ['of 10 kB', 'x'.repeat(10_000)],
  ['with a control character', 'a\u0000b'],
  ['with a line break', 'a\r\nb'],
  ['with a C1 control character', 'a\u0085b'],
  ['with a lone surrogate', 'a\ud800b'],
];

/** Those of them that are too much for any field. */
export const NO_TEXTS = NO_IDS.filter(([, text]) => text !== '');

/** More elements than any list may have. */
export function tooMany<T>(element: T): T[] {
  return Array.from({ length: 101 }, () => element);
}
