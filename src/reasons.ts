import type { Reason } from './lib/error-reason.ts';

/** A wrong field of a request. Callers check their input first, so few of these reasons have a treatment of their own. */
type FieldReason = Extract<Reason, `${string}_INVALID`>;

/**
 * Which call a reason is acted upon after:
 * - `card`: Charge, because the card was mistyped
 * - `decline`: Charge, because the card cannot be charged
 * - `rejection`: PlaceOrder, for an order that was rejected after it had been stored
 * - `refusal`: PlaceOrder, before an order was stored
 * - `cart-limit`: AddItem
 * - `intervention`: none. It is in the history of an order that needs manual intervention.
 * - `status`: none. Callers go by the status code alone.
 */
type Treatment = 'card' | 'cart-limit' | 'decline' | 'intervention' | 'refusal' | 'rejection' | 'status';

// A new reason of the contract does not compile until it is here. A new reason with a treatment then does not compile
// until each table over that treatment has an entry for it.
const TREATMENTS = {
  INTERNAL: 'status',
  REQUEST_MALFORMED: 'status',
  DEADLINE_TOO_SHORT: 'status',
  DEADLINE_EXCEEDED: 'status',
  CANCELLED: 'status',
  OVERLOADED: 'status',
  UPSTREAM_UNAVAILABLE: 'status',
  IDEMPOTENCY_KEY_REUSED: 'status',
  IDEMPOTENCY_KEY_FENCED: 'status',
  STORE_UNAVAILABLE: 'status',
  CART_FULL: 'cart-limit',
  CART_LINE_FULL: 'cart-limit',
  CART_STORE_UNAVAILABLE: 'status',
  PRODUCT_UNKNOWN: 'status',
  CATALOGUE_UNAVAILABLE: 'status',
  MONEY_OUT_OF_RANGE: 'status',
  CURRENCY_UNKNOWN: 'status',
  CARD_NUMBER_INVALID: 'card',
  CARD_EXPIRATION_INVALID: 'card',
  CARD_CVV_INVALID: 'card',
  CARD_BRAND_NOT_ACCEPTED: 'decline',
  CARD_EXPIRED: 'decline',
  CARD_DECLINED: 'decline',
  CHARGE_UNKNOWN: 'status',
  TRANSACTION_UNKNOWN: 'status',
  REFUND_CURRENCY_MISMATCH: 'status',
  REFUND_EXCEEDS_CHARGE: 'status',
  SHIPMENT_UNKNOWN: 'status',
  MAIL_UNAVAILABLE: 'status',
  MAIL_REFUSED: 'status',
  CART_EMPTY: 'refusal',
  CART_CHANGED: 'refusal',
  TOTAL_CHANGED: 'refusal',
  CART_UNUSABLE: 'refusal',
  PRODUCT_GONE: 'refusal',
  PRICE_UNUSABLE: 'status',
  QUOTE_UNUSABLE: 'status',
  CONVERSION_UNUSABLE: 'status',
  TOTAL_NOT_PAYABLE: 'refusal',
  EMAIL_INVALID: 'refusal',
  ORDERS_FULL: 'status',
  ORDER_UNKNOWN: 'status',
  ORDER_CHANGED: 'status',
  PAYMENT_UNAVAILABLE: 'rejection',
  PAYMENT_UNKNOWN: 'intervention',
  SHIPPING_REFUSED: 'rejection',
  SHIPPING_UNAVAILABLE: 'rejection',
  PAYMENT_UNREACHABLE: 'rejection',
  EARLIER_ATTEMPT_CANCELLED: 'rejection',
  ORDER_CANCELLED: 'rejection',
  REFUND_REFUSED: 'intervention',
  CANCELLATION_REFUSED: 'intervention',
} as const satisfies Readonly<Record<Exclude<Reason, FieldReason>, Treatment>> &
  Readonly<Partial<Record<FieldReason, Treatment>>>;

type TreatedReason = keyof typeof TREATMENTS;
type ReasonWith<T extends Treatment> = {
  [R in TreatedReason]: (typeof TREATMENTS)[R] extends T ? R : never;
}[TreatedReason];

/** Why a well-formed card cannot be charged. */
export type DeclineReason = ReasonWith<'decline'>;
/** Why PaymentService refuses a charge. Nothing was charged. */
export type ChargeRefusal = ReasonWith<'card' | 'decline'>;
/** Why an order was rejected after it had been stored. No money is kept. */
export type OrderRejection = ChargeRefusal | ReasonWith<'rejection'>;
/** Why PlaceOrder fails in a way that the caller tells the shopper. */
export type OrderRefusal = OrderRejection | ReasonWith<'refusal'>;
/** Why an order needs manual intervention. */
export type InterventionReason = ReasonWith<'intervention'>;
/** Which limit of the cart AddItem would exceed. */
export type CartLimit = ReasonWith<'cart-limit'>;

const reasonsWith = <T extends Treatment>(...treatments: readonly T[]): readonly ReasonWith<T>[] =>
  Object.entries(TREATMENTS)
    .filter(([, treatment]) => (treatments as readonly Treatment[]).includes(treatment))
    .map(([reason]) => reason as ReasonWith<T>);

/** Every decline reason. */
export const declineReasons: readonly DeclineReason[] = reasonsWith('decline');
/** Every order rejection. */
export const orderRejections: readonly OrderRejection[] = reasonsWith('card', 'decline', 'rejection');
/** Every order refusal. */
export const orderRefusals: readonly OrderRefusal[] = reasonsWith('card', 'decline', 'refusal', 'rejection');

const isIn =
  <R extends Reason>(reasons: readonly R[]) =>
  (reason: string | undefined): reason is R =>
    (reasons as readonly (string | undefined)[]).includes(reason);

/** True for a reason with which PaymentService refuses a charge. */
export const isChargeRefusal = isIn<ChargeRefusal>(reasonsWith('card', 'decline'));
/** True for a reason that the storefront tells the shopper after PlaceOrder. */
export const isOrderRefusal = isIn<OrderRefusal>(orderRefusals);
/** True for a limit of the cart. */
export const isCartLimit = isIn<CartLimit>(reasonsWith('cart-limit'));
