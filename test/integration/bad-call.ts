import type { ShopClients } from './shop-clients.ts';

/** A bad request and its only correct outcome: status and reason. */
export type BadCall = readonly [what: string, call: (to: ShopClients) => Promise<unknown>, response: string];

/** The user id of the bad calls. The user has a cart and an order. */
export const CALLER = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

/** Invalid ids. A lone surrogate cannot be encoded in UTF-8: the encoder sends U+FFFD instead. */
export const NO_IDS: readonly (readonly [what: string, text: string])[] = [
  ['empty', ''],
  ['of 10 kB', 'x'.repeat(10_000)],
  ['with a control character', 'a\u0000b'],
  ['with a line break', 'a\r\nb'],
  ['with a C1 control character', 'a\u0085b'],
  ['with a lone surrogate', 'a\ud800b'],
];

/** The ones that are invalid in every text field. */
export const NO_TEXTS = NO_IDS.filter(([, text]) => text !== '');

/** A list with more elements than any request may have. */
export function tooMany<T>(element: T): T[] {
  return Array.from({ length: 101 }, () => element);
}
