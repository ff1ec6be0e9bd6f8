import type { OrderStateName } from '../../order-state.ts';
import type { CheckoutField, PerField } from '../checkout-form/fields.ts';

/**
 * What the pages show, already decided and formatted: a view never computes, fetches or formats an amount.
 * Every `price`, `total` and the like is display text in the shopper's currency, such as "€17.68".
 */

/** What the layout around every page shows. */
export type LayoutProps = {
  /** Sub-path the shop is served under: `''` or `'/shop'`; goes in front of every link, form action and asset. */
  readonly basePath: string;
  /** The chosen ISO 4217 code. */
  readonly currency: string;
  /** The offered codes in display order; empty hides the currency form. */
  readonly currencies: readonly string[];
  /** Pieces in the cart; `undefined` when the cart could not be read. */
  readonly cartCount: number | undefined;
  /** The search words of this page, else `''`. */
  readonly query: string;
  /** FRONTEND_MESSAGE: a line across the top. */
  readonly banner: string | undefined;
  /** True when BANNER_COLOR is set: the header then takes the colour of `/static/banner.css`. */
  readonly bannerColor: boolean;
  /** Shown in the footer and on the error pages of server failures. */
  readonly requestId: string;
};

/** A product in a grid. */
export type ProductCard = {
  readonly id: string;
  readonly name: string;
  readonly price: string;
  /** Path below `basePath`, such as `/static/products/mug.svg`. */
  readonly picture: string;
};

/** An advertisement: its text and its target, a path below `basePath`. */
export type Advertisement = { readonly text: string; readonly href: string };

/** The home page. */
export type HomePage = {
  readonly products: readonly ProductCard[];
  readonly ad: Advertisement | undefined;
};

/** The page of one product with its add-to-cart form. */
export type ProductPage = ProductCard & {
  readonly description: string;
  readonly categories: readonly string[];
  /** Up to four; empty hides the section. */
  readonly recommendations: readonly ProductCard[];
  readonly ad: Advertisement | undefined;
  /** The message next to the quantity field (HTTP 422). */
  readonly problem: string | undefined;
};

/** The results of a search. */
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

/** The checkout form: its content and its problems. */
export type CheckoutForm = {
  readonly values: PerField<string>;
  /** A message for each field that was not accepted. */
  readonly problems: Readonly<Partial<Record<CheckoutField, string>>>;
  /** A message about the whole order, shown above the form. */
  readonly problem: string | undefined;
  /** The options of the fields that are selects; `undefined` for the others. */
  readonly options: PerField<readonly string[] | undefined>;
  /** Hidden fields, name to value: the cart that this form orders, and the attempt. */
  readonly hidden: Readonly<Record<string, string>>;
};

/** The cart with its amounts and the checkout form. */
export type CartPage = {
  /** When it is empty and `gone` is false, the page says that the cart is empty. */
  readonly lines: readonly LineItem[];
  /** True when the cart contains a product that the catalogue no longer has; it can be emptied, but not ordered. */
  readonly gone: boolean;
  readonly subtotal: string;
  /** `undefined` without a quote; `total` is then `undefined` too, and the page says that shipping is added at checkout. */
  readonly shipping: string | undefined;
  readonly total: string | undefined;
  readonly form: CheckoutForm;
  readonly recommendations: readonly ProductCard[];
};

/** The checkout form as it was sent, while the cart cannot be read. */
export type FormWithoutCartPage = Pick<CartPage, 'form' | 'total'>;

/** An order in the list of orders. */
export type OrderSummary = {
  readonly orderId: string;
  /** ISO 8601 in UTC; `undefined` when checkoutservice keeps no times. */
  readonly placed: string | undefined;
  /** For the shopper. */
  readonly state: string;
  readonly total: string;
};

/** A page of the shopper's orders. */
export type OrdersPage = {
  /** Newest first. */
  readonly orders: readonly OrderSummary[];
  /** `''` on the page of the oldest orders. */
  readonly olderToken: string;
  readonly isFirst: boolean;
};

/** The page of one order. */
export type OrderPage = {
  readonly orderId: string;
  readonly state: OrderStateName;
  /** The states the order has been in. */
  readonly passed: readonly OrderStateName[];
  /** A sentence for the shopper about the state. */
  readonly stateText: string;
  /** True while the order is in progress: a Refresh header then reloads the page every few seconds. */
  readonly moving: boolean;
  readonly lines: readonly LineItem[];
  readonly shipping: string;
  readonly total: string;
  /** `''` until shipped. */
  readonly trackingId: string;
  /** Lines of the shipping address. */
  readonly address: readonly string[];
  /** True when the addresses were erased. */
  readonly isErased: boolean;
  /** What happened, oldest first. `time` is ISO 8601 in UTC, `label` is for the shopper. Empty when checkoutservice keeps no history. */
  readonly history: readonly { readonly label: string; readonly time: string }[];
};

/** What is known about an order whose placing got no response. */
export type OrderStatusPage = {
  readonly title: string;
  readonly message: string;
  /** True while the order is looked for: the page then updates itself. */
  readonly isLooking: boolean;
  /** Path below `basePath`, and the text of the link to it. */
  readonly next: { readonly path: string; readonly text: string };
};

/** An error page. */
export type ErrorPage = {
  readonly status: number;
  readonly title: string;
  /** What happened and what the shopper can do; never an internal detail. */
  readonly message: string;
};
