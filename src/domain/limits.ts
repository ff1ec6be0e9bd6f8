/** Characters of a user, product, order, tracking or transaction id, of a cart version and of an idempotency key. */
export const MAX_ID_LENGTH = 128;

/** Lines of a cart, and so of an order. */
export const MAX_CART_LINES = 100;

/** Elements of one batch request: a whole cart fits into one. */
export const MAX_BATCH = MAX_CART_LINES;

/** Pieces of one product that one AddItem can add. */
export const MAX_ADDED_QUANTITY = 10;

/** Pieces of one product in a cart. */
export const MAX_LINE_QUANTITY = 1000;

/** Characters of a search query. */
export const MAX_QUERY_LENGTH = 128;

/** Octets of an e-mail address: a path of at most 256 octets without its angle brackets. Source: RFC 5321, 4.5.3.1. */
export const MAX_EMAIL_LENGTH = 254;
