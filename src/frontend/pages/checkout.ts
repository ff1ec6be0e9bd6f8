import { type Answer, type Page, seeOther } from '../http/answer.ts';
import type { CheckoutField } from '../views/models.ts';
import type { Visit } from '../visit.ts';
import { renderCart, type SentForm } from './cart.tsx';
import { type FormContent, readCheckoutForm } from './checkout-form.ts';
import { keyOf, readAttempt } from './order-attempt.ts';
import type { PageDeps } from './page-deps.ts';

/** Why an order was refused, for the shopper: beside a field of the form, or above it. */
type Refusal = { readonly field?: CheckoutField; readonly text: string; readonly isOutage?: boolean };

const NUMBER = 'credit_card_number';
const REFUSALS: Readonly<Record<string, Refusal>> = {
  CARD_DECLINED: { field: NUMBER, text: 'This card was declined. Nothing was charged: please try another one.' },
  CARD_NUMBER_INVALID: { field: NUMBER, text: 'Check the card number: one of its digits is wrong.' },
  CARD_BRAND_NOT_ACCEPTED: { field: NUMBER, text: 'We take Visa and Mastercard only.' },
  CARD_EXPIRED: { field: 'credit_card_expiration_year', text: 'This card has expired.' },
  CARD_EXPIRATION_INVALID: { field: 'credit_card_expiration_year', text: 'Check until when the card is valid.' },
  CARD_CVV_INVALID: { field: 'credit_card_cvv', text: 'Check the 3 or 4 digits on the card.' },
  CART_EMPTY: { text: 'Your cart is empty. Choose something first.' },
  PRODUCT_GONE: { text: 'Something in your cart is no longer sold. Please empty the cart and choose again.' },
  SHIPPING_REFUSED: {
    text: 'We cannot ship to this address. Nothing is kept of your money: please check the address.',
  },
  SHIPPING_UNAVAILABLE: {
    text: 'We could not hand the goods over for shipping. Your money is on its way back: please try again later.',
    isOutage: true,
  },
  PAYMENT_UNAVAILABLE: {
    text: 'The payment could not be made. Nothing was charged: please try again in a moment.',
    isOutage: true,
  },
};
const OTHERWISE: Refusal = {
  text: 'The order could not be placed. Nothing is kept of your money: please check the form.',
};
const RETRY_AFTER_SECONDS = 5;

/** POST /cart/checkout: buys the cart and leads to the order's own page, or shows the form again and what to mend. */
export function checkout(deps: PageDeps): Page {
  return async ({ visit, form }) => {
    const { data, content } = readCheckoutForm(form, deps.now());
    const attempt = readAttempt(form);
    if (data === undefined) return await showAgain(deps, visit, { content, problem: undefined, refused: undefined });
    const placed = await deps.shop.orders.place(
      {
        userId: visit.userId,
        userCurrency: visit.currency,
        address: data.address,
        email: data.email,
        creditCard: data.card,
        idempotencyKey: attempt && keyOf(attempt),
      },
      visit.call,
    );
    if (placed.kind === 'placed') return seeOther(`/order/${encodeURIComponent(placed.orderId)}`);
    deps.events.checkoutRefused({ reason: placed.reason, requestId: visit.call.requestId });
    const refusal = REFUSALS[placed.reason] ?? OTHERWISE;
    const sent: SentForm = {
      content: withRefusal(content, refusal),
      problem: refusal.field === undefined ? refusal.text : undefined,
      refused: attempt,
    };
    return await showAgain(deps, visit, sent, refusal.isOutage);
  };
}

function withRefusal(content: FormContent, { field, text }: Refusal): FormContent {
  return field === undefined ? content : { ...content, problems: { [field]: text } };
}

async function showAgain(deps: PageDeps, visit: Visit, sent: SentForm, isOutage = false): Promise<Answer> {
  const html = await renderCart(deps, visit, sent);
  if (isOutage) return { kind: 'page', status: 503, html, retryAfterSeconds: RETRY_AFTER_SECONDS };
  return { kind: 'page', status: 422, html };
}
