import type { CheckoutField, PerField } from '../checkout-form/fields.ts';
import type { OrderStateName } from '../page/order-state.ts';

/**
 * What the pages show, already decided and formatted: a view never computes, fetches or formats an amount.
 * Every `price`, `total` and the like is display text in the shopper's currency, such as "€17.68".
 */

/** What surrounds every page. */
export type LayoutProps = {
  /** Sub-path the shop is served under: `''` or `'/shop'`; goes in front of every link, form action and asset. */
  readonly basePath: string;
  /** The chosen ISO 4217 code. */
  readonly currency: string;
  /** The offered codes, in the order they are shown. Empty when they could not be read: then no switch is shown. */
  readonly currencies: readonly string[];
  /** Pieces in the cart; `undefined` when the cart could not be read. */
  readonly cartCount: number | undefined;
  /** The search words of this page, else `''`. */
  readonly query: string;
  /** FRONTEND_MESSAGE: a line across the top. */
  readonly banner: string | undefined;
  /** True when BANNER_COLOR is set: the header then takes the colour of `/static/banner.css`. */
  readonly bannerColor: boolean;
  /** Says which request made this page; shown small in the footer and on error pages. */
  readonly requestId: string;
};

/** A product as it stands in a grid. */
export type ProductCard = {
  readonly id: string;
  readonly name: string;
  readonly price: string;
  /** Path below `basePath`, such as `/static/products/mug.svg`. */
  readonly picture: string;
};

/** One advertisement: a line of text and where it leads (a path below `basePath`). */
export type Advertisement = { readonly text: string; readonly href: string };

/** Every product, and perhaps an advertisement. */
export type HomePage = {
  readonly products: readonly ProductCard[];
  readonly ad: Advertisement | undefined;
};

/** One product, with what it can be put into the cart by. */
export type ProductPage = ProductCard & {
  readonly description: string;
  readonly categories: readonly string[];
  /** Up to four; empty when there are none or they could not be read: then the section is left out. */
  readonly recommendations: readonly ProductCard[];
  readonly ad: Advertisement | undefined;
  /** What is wrong with the quantity that was sent, shown beside its field (HTTP 422). */
  readonly problem: string | undefined;
};

/** What a search found. */
export type SearchPage = {
  readonly query: string;
  readonly results: readonly ProductCard[];
};

/** A line item of the cart or of an order. */
export type LineItem = ProductCard & {
  readonly quantity: number;
  /** Unit price times quantity. `price` is the unit price. */
  readonly total: string;
};

/** The form that buys the cart: what stands in it, and what is wrong with it. */
export type CheckoutForm = {
  readonly values: PerField<string>;
  /** What is wrong, by field. Non-empty exactly on a page answered with 422. */
  readonly problems: Readonly<Partial<Record<CheckoutField, string>>>;
  /** What is wrong with the order as a whole, such as a declined card. Shown above the form. */
  readonly problem: string | undefined;
  /** The options of the fields that are selects; `undefined` for the others. */
  readonly options: PerField<readonly string[] | undefined>;
  /** Hidden fields, name to value: which cart this form buys and at which attempt. */
  readonly hidden: Readonly<Record<string, string>>;
};

/** What is in the cart, what it costs, and the form that buys it. */
export type CartPage = {
  /** Empty, and nothing is gone either: the page says so and leads back to the shop. */
  readonly lines: readonly LineItem[];
  /** True when the cart also holds what is no longer sold: it can be emptied, and not be bought. */
  readonly gone: boolean;
  readonly subtotal: string;
  /** `undefined` when no quote could be had; then `total` is undefined too and the page says that shipping is added at checkout. */
  readonly shipping: string | undefined;
  readonly total: string | undefined;
  readonly form: CheckoutForm;
  readonly recommendations: readonly ProductCard[];
};

/** One order, as it stands. */
export type OrderPage = {
  readonly orderId: string;
  readonly state: OrderStateName;
  /** The states the order has been in. */
  readonly passed: readonly OrderStateName[];
  /** One sentence for the shopper about that state. */
  readonly stateText: string;
  /** True while the order still moves: the page then reloads itself every few seconds by a Refresh header. */
  readonly moving: boolean;
  readonly lines: readonly LineItem[];
  readonly shipping: string;
  readonly total: string;
  /** `''` until shipped. */
  readonly trackingId: string;
  /** Lines of the shipping address. */
  readonly address: readonly string[];
  /** Oldest first. `time` is ISO 8601 in UTC, `label` is for the shopper. Empty when the peer keeps no history. */
  readonly history: readonly { readonly label: string; readonly time: string }[];
};

/** What is shown instead of a page. */
export type ErrorPage = {
  readonly status: number;
  readonly title: string;
  /** What happened and what the shopper can do; never an internal detail. */
  readonly message: string;
};
