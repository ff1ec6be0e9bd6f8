/** The pages of the load mix, as the report counts them. An action of a shopper has the name of its last page. */
export const PAGE_NAMES = ['index', 'setCurrency', 'browseProduct', 'addToCart', 'viewCart', 'checkout'] as const;

export type PageName = (typeof PAGE_NAMES)[number];
