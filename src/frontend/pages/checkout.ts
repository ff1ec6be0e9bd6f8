import { type Answer, type Page, seeOther } from '../page/answer.ts';
import { HttpProblem } from '../page/problem.ts';
import type { Visit } from '../page/visit.ts';
import type { CheckoutField } from '../views/models.ts';
import { renderCart } from './cart.tsx';
import { type FormContent, readCheckoutForm } from './checkout-form.ts';
import { keyOf, type OrderAttempt, readAttempt, readKey } from './order-attempt.ts';
import type { PageDeps } from './page-deps.ts';

/** Why an order was refused, for the shopper: beside a field of the form, or above it. */
type Refusal = { readonly field?: CheckoutField; readonly text: string; readonly isOutage?: boolean };

const NUMBER = 'credit_card_number';
const REFUSALS: ReadonlyMap<string, Refusal> = new Map(
  Object.entries<Refusal>({
    EMAIL_INVALID: { field: 'email', text: 'Enter an e-mail address that we can write to.' },
    CARD_DECLINED: { field: NUMBER, text: 'This card was declined. Nothing was charged: please try another one.' },
    CARD_NUMBER_INVALID: { field: NUMBER, text: 'Check the card number: one of its digits is wrong.' },
    CARD_BRAND_NOT_ACCEPTED: { field: NUMBER, text: 'We take Visa and Mastercard only.' },
    CARD_EXPIRED: { field: 'credit_card_expiration_year', text: 'This card has expired.' },
    CARD_EXPIRATION_INVALID: { field: 'credit_card_expiration_year', text: 'Check until when the card is valid.' },
    CARD_CVV_INVALID: { field: 'credit_card_cvv', text: 'Check the 3 or 4 digits on the card.' },
    CART_CHANGED: {
      text: 'Your cart was changed since you opened this page. Please look at it again before you order.',
    },
    CART_EMPTY: { text: 'Your cart is empty. Choose something first.' },
    CART_UNUSABLE: { text: 'Your cart cannot be bought as it is. Please empty it and choose again.' },
    PRODUCT_GONE: { text: 'Something in your cart is no longer sold. Please empty the cart and choose again.' },
    TOTAL_NOT_PAYABLE: {
      text: 'This cart cannot be paid in the currency you chose. Please choose another one, or empty the cart and choose less.',
    },
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
  }),
);
/** The reasons for a refused order that shoppers are told of in words of their own. */
export const REFUSAL_REASONS: readonly string[] = [...REFUSALS.keys()];

const OTHERWISE: Refusal = {
  text: 'The order could not be placed. Nothing is kept of your money: please check the form.',
};
const UNANSWERED =
  'We did not hear in time what became of your order. Please look at your cart: if it is empty, the order was placed and ' +
  'a mail is on its way to you. If it is not, you can safely place the order again.';
const RETRY_AFTER_SECONDS = 5;

/** POST /cart/checkout: buys the cart and leads to the order's own page, or shows the form again and what to mend. */
export function checkout(deps: PageDeps): Page {
  return async ({ visit, form, refusedKey }) => {
    const { data, content } = readCheckoutForm(form, deps.now());
    const attempt = readAttempt(form);
    if (data === undefined) {
      const before = { sent: { content, problem: undefined, attempt }, refused: readKey(refusedKey) };
      return { kind: 'page', status: 422, html: await renderCart(deps, visit, before) };
    }
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
    switch (placed.kind) {
      case 'placed':
        return seeOther(`/order/${encodeURIComponent(placed.orderId)}`);
      case 'unanswered':
        throw new HttpProblem(503, 'We are not sure about your order', UNANSWERED, {
          cause: placed.cause,
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        });
      case 'refused':
        deps.events.checkoutRefused({ reason: placed.reason, requestId: visit.call.requestId });
        return await showRefusal(deps, visit, { reason: placed.reason, content, attempt });
    }
  };
}

async function showRefusal(
  deps: PageDeps,
  visit: Visit,
  refused: { reason: string; content: FormContent; attempt: OrderAttempt | undefined },
): Promise<Answer> {
  const { field, text, isOutage = false } = REFUSALS.get(refused.reason) ?? OTHERWISE;
  const content = field === undefined ? refused.content : { ...refused.content, problems: { [field]: text } };
  const { attempt } = refused;
  const sent = { content, problem: field === undefined ? text : undefined, attempt };
  const html = await renderCart(deps, visit, { sent, refused: attempt });
  // The next form counts on from this attempt, also when it is not this one but a fresh one from the cart.
  const remembered = attempt === undefined ? {} : { cookies: { refusedKey: keyOf(attempt) } };
  return isOutage
    ? { kind: 'page', status: 503, html, retryAfterSeconds: RETRY_AFTER_SECONDS, ...remembered }
    : { kind: 'page', status: 422, html, ...remembered };
}
