import { type OrderAttempt, orderKey } from '../../domain/order-key.ts';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';
import { isOrderRefusal, type OrderRefusal } from '../../reasons.ts';
import type { CheckoutField } from '../checkout-form/fields.ts';
import { type FormContent, readCheckoutForm } from '../checkout-form/read-form.ts';
import { HttpProblem } from '../page/problem.ts';
import type { RequestContext } from '../page/request-context.ts';
import type { OpenOrder, Page, PageResponse } from '../page/response.ts';
import { type Before, renderCart } from './cart.tsx';
import { attemptIn, attemptOfKey } from './order-attempt.ts';
import type { PageDeps } from './page-deps.ts';

/** The message for a refused order: next to a field of the form, or above the form. */
type Refusal = { readonly field?: CheckoutField; readonly text: string; readonly isOutage?: boolean };

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
  ORDER_CANCELLED: { text: 'The shop cancelled this order. The charge was refunded.' },
  PAYMENT_UNAVAILABLE: {
    text: 'The payment failed. Nothing was charged: please try again in a few seconds.',
    isOutage: true,
  },
};
const OTHERWISE: Refusal = {
  text: 'The order could not be placed, and any charge was refunded. Please check the form.',
};
const NOT_PLACED =
  'Part of the shop is unavailable. Nothing was charged for this attempt: please try again in a few seconds.';
// No advice to order again: a card may have been charged, and only Mercato's own checkout finds that charge by its key.
const UNKNOWN =
  'The answer did not arrive in time, so your card may have been charged. Please look at your cart. If it is empty, the ' +
  'order was placed and a confirmation mail is on its way to you. If it is not, check your mail before you order again.';
const RETRY_AFTER_SECONDS = 5;

/** POST /cart/checkout: places the order and redirects to its page, or shows the form again with what to correct. */
export function checkout(deps: PageDeps): Page {
  return async ({ context, form, refusedKey, openOrder }) => {
    const { data, content } = readCheckoutForm(form, deps.now());
    const sent = attemptIn(form);
    if (data === undefined) {
      const before = { sent: { content, problem: undefined, attempt: sent }, refused: attemptOfKey(refusedKey) };
      return { kind: 'page', status: 422, html: await renderCart(deps, context, before) };
    }
    const attempt = sent && (await attemptToMake(deps, context, sent, openOrder));
    if (await isEmptyForOriginalCheckout(deps, context)) {
      return await refuse(deps, context, { reason: 'CART_EMPTY', content, attempt });
    }
    const placed = await deps.shop.orders.place(
      {
        userId: context.userId,
        currency: context.currency,
        ...data,
        idempotencyKey: attempt && orderKey(attempt),
      },
      context.call,
    );
    switch (placed.kind) {
      case 'placed':
        return placedAt(placed, attempt);
      case 'refused':
        return await refuse(deps, context, { reason: placed.reason, content, attempt });
      case 'not-placed': {
        const { cause } = placed;
        const refusal = { text: notPlacedText(cause), isOutage: true };
        const before = { sent: { content, problem: refusal.text, attempt }, refused: attemptOfKey(refusedKey) };
        const response = await showForm(deps, context, { before, refusal, cause });
        return { ...response, cause };
      }
      case 'unknown':
        throw new HttpProblem(503, 'We do not know whether your order was placed', UNKNOWN, {
          cause: placed.cause,
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        });
    }
  };
}

/**
 * The attempt that a click makes: the one of its form, or the attempt after the shopper's last order for the same cart
 * when that order was placed and has been rejected since. The key of a rejected order only returns the rejection.
 */
async function attemptToMake(
  { shop }: PageDeps,
  context: RequestContext,
  sent: OrderAttempt,
  openOrder: OpenOrder | undefined,
): Promise<OrderAttempt> {
  const last = attemptOfKey(openOrder?.key);
  if (openOrder === undefined || last?.cartKey !== sent.cartKey || last.attempt < sent.attempt) return sent;
  const order = await shop.orders.find(context.userId, openOrder.orderId, context.call).catch(outageAsUndefined);
  return order?.state === 'REJECTED' ? { ...last, attempt: last.attempt + 1 } : last;
}

async function isEmptyForOriginalCheckout({ shop }: PageDeps, context: RequestContext): Promise<boolean> {
  if (shop.orders.refusesEmptyCarts()) return false;
  // When the cart cannot be read here, checkoutservice reads it again and decides.
  const cart = await shop.cart.get(context.userId, context.call).catch(outageAsUndefined);
  return cart?.items.length === 0;
}

function outageAsUndefined(error: unknown): undefined {
  if (!(error instanceof UpstreamError)) throw error;
}

function placedAt(placed: { orderId: string; isOpen: boolean }, attempt: OrderAttempt | undefined): PageResponse {
  const { orderId, isOpen } = placed;
  const redirect = { kind: 'redirect', status: 303, to: `/order/${encodeURIComponent(orderId)}` } as const;
  return isOpen && attempt !== undefined
    ? { ...redirect, cookies: { openOrder: { orderId, key: orderKey(attempt) } } }
    : redirect;
}

// An order that is rejected because of an outage names the reason of its rejection, such as PAYMENT_UNREACHABLE.
function notPlacedText({ reason }: UpstreamError): string {
  return isOrderRefusal(reason) ? REFUSALS[reason].text : NOT_PLACED;
}

async function refuse(
  deps: PageDeps,
  context: RequestContext,
  refused: { reason: string; content: FormContent; attempt: OrderAttempt | undefined },
): Promise<PageResponse> {
  deps.events.checkoutRefused({ reason: refused.reason, requestId: context.call.requestId });
  const refusal = isOrderRefusal(refused.reason) ? REFUSALS[refused.reason] : OTHERWISE;
  const { field, text } = refusal;
  const content = field === undefined ? refused.content : { ...refused.content, problems: { [field]: text } };
  const { attempt } = refused;
  const sent = { content, problem: field === undefined ? text : undefined, attempt };
  const response = await showForm(deps, context, { before: { sent, refused: attempt }, refusal });
  // The next form has the next attempt number, also when the shopper opens the cart page again.
  return attempt === undefined ? response : { ...response, cookies: { refusedKey: orderKey(attempt) } };
}

async function showForm(
  deps: PageDeps,
  context: RequestContext,
  { before, refusal, cause }: { before: Before; refusal: Refusal; cause?: UpstreamError },
): Promise<Extract<PageResponse, { kind: 'page' }>> {
  const retryAfterSeconds = RETRY_AFTER_SECONDS;
  const html = await renderCart(deps, context, before).catch((error: unknown) => {
    if (!(error instanceof UpstreamError)) throw error;
    // Without a readable cart, show the outcome of the order alone.
    throw new HttpProblem(503, 'Your order was not placed', refusal.text, { cause: cause ?? error, retryAfterSeconds });
  });
  return refusal.isOutage === true
    ? { kind: 'page', status: 503, html, retryAfterSeconds }
    : { kind: 'page', status: 422, html };
}
