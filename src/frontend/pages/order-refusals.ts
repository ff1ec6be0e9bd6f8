import { isOrderRefusal, type OrderRefusal } from '../../reasons.ts';
import type { CheckoutField } from '../checkout-form/fields.ts';

/** The message for a refused order: next to a field of the form, or above the form. */
export type Refusal = { readonly field?: CheckoutField; readonly text: string; readonly isOutage?: boolean };

const NUMBER = 'credit_card_number';
const REFUSALS: Readonly<Record<OrderRefusal, Refusal>> = {
  EMAIL_INVALID: { field: 'email', text: 'Enter a valid e-mail address.' },
  CARD_DECLINED: { field: NUMBER, text: 'This card was declined. Nothing was charged: please try another one.' },
  CARD_NUMBER_INVALID: { field: NUMBER, text: 'Check the card number: one of its digits is wrong.' },
  CARD_BRAND_NOT_ACCEPTED: { field: NUMBER, text: 'We accept Visa and Mastercard only.' },
  CARD_EXPIRED: { field: 'credit_card_expiration_year', text: 'This card has expired.' },
  CARD_EXPIRATION_INVALID: { field: 'credit_card_expiration_year', text: 'Check the expiry date of the card.' },
  CARD_CVV_INVALID: { field: 'credit_card_cvv', text: 'Check the 3 or 4 digits on the card.' },
  CART_CHANGED: {
    text: 'Your cart has changed since you opened this page. Please check it before you order.',
  },
  TOTAL_CHANGED: {
    text: 'The total has changed since you opened this page. Nothing was charged: please check it before you order.',
  },
  CART_EMPTY: { text: 'Your cart is empty. Please add a product first.' },
  CART_UNUSABLE: { text: 'This cart cannot be ordered. Please empty it and choose again.' },
  PRODUCT_GONE: { text: 'A product in your cart is no longer available. Please empty the cart and choose again.' },
  TOTAL_NOT_PAYABLE: {
    text: 'The total cannot be charged in this currency. Please choose another currency, or order less.',
  },
  SHIPPING_REFUSED: {
    text: 'We cannot ship to this address. Any charge was refunded: please check the address.',
  },
  SHIPPING_UNAVAILABLE: {
    text: 'The goods could not be shipped, and any charge was refunded. Please try again later.',
    isOutage: true,
  },
  PAYMENT_UNREACHABLE: {
    text: 'The payment could not be made. Nothing was charged: please try again in a moment.',
    isOutage: true,
  },
  EARLIER_ATTEMPT_CANCELLED: {
    text: 'An earlier attempt at this order could not be completed. Its charge is on its way back: please order again.',
  },
  ORDER_CANCELLED: { text: 'The shop cancelled this order. If your card was charged, the charge was refunded.' },
  PAYMENT_UNAVAILABLE: {
    text: 'The payment failed. Nothing was charged: please try again in a few seconds.',
    isOutage: true,
  },
};
const OTHERWISE: Refusal = {
  text: 'The order could not be placed, and any charge was refunded. Please check the form.',
};

/** Returns the message for a reason with which checkoutservice refuses an order. */
export function refusalOf(reason: string): Refusal {
  return isOrderRefusal(reason) ? REFUSALS[reason] : OTHERWISE;
}
