import { formatMoney, type Money } from '../../domain/money.ts';
import { type OrderAttempt, orderKey } from '../../domain/order-key.ts';
import { remainingMs } from '../../lib/grpc/call-context.ts';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';
import { isOrderRefusal } from '../../reasons.ts';
import { type FormContent, readCheckoutForm } from '../checkout-form/read-form.ts';
import { RETRY_AFTER_SECONDS } from '../page/problem.ts';
import type { RequestContext } from '../page/request-context.ts';
import type { OpenOrder, Page, PageResponse } from '../page/response.ts';
import { orderPath } from '../views/links.ts';
import { type Before, renderCart, renderFormWithoutCart } from './cart.tsx';
import { attemptIn, attemptOfKey } from './order-attempt.ts';
import { refusalOf } from './order-refusals.ts';
import { orderUnknown } from './order-status.tsx';
import type { PageDeps } from './page-deps.ts';
import { totalIn } from './shown-total.ts';

const NOT_PLACED =
  'Part of the shop is unavailable. Nothing was charged for this attempt: please try again in a few seconds.';

/** POST /cart/checkout: places the order and redirects to its page, or shows the form again with what to correct. */
export function checkout(deps: PageDeps): Page {
  return async ({ context, form, refusedKey, openOrder }) => {
    const { data, content } = readCheckoutForm(form, deps.now());
    const sent = attemptIn(form);
    const expectedTotal = totalIn(form);
    if (data === undefined) {
      const before = { sent: { content, problem: undefined, attempt: sent }, refused: attemptOfKey(refusedKey) };
      return await showForm(deps, context, { before, isOutage: false, shown: expectedTotal });
    }
    const attempt = sent && (await attemptToMake(deps, context, sent, openOrder));
    if (await isEmptyForOriginalCheckout(deps, context)) {
      return await refuse(deps, context, { reason: 'CART_EMPTY', content, attempt, shown: expectedTotal });
    }
    const placed = await deps.shop.orders.place(
      {
        userId: context.userId,
        currency: context.currency,
        ...data,
        idempotencyKey: attempt && orderKey(attempt),
        expectedTotal,
      },
      context.call,
    );
    switch (placed.kind) {
      case 'placed':
        return placedAt(placed, attempt);
      case 'refused':
        return await refuse(deps, context, {
          reason: placed.reason,
          content,
          attempt,
          shown: expectedTotal,
          text: totalChangedText(expectedTotal, placed.total),
        });
      case 'not-placed': {
        const { cause } = placed;
        const before = { sent: { content, problem: notPlacedText(cause), attempt }, refused: attemptOfKey(refusedKey) };
        return await showForm(deps, context, { before, isOutage: true, shown: expectedTotal, cause });
      }
      case 'unknown':
        // No advice to order again: a card may have been charged.
        return {
          ...orderUnknown(deps, context, attempt && { key: orderKey(attempt), sinceMs: deps.now() }),
          cause: placed.cause,
        };
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

async function isEmptyForOriginalCheckout({ shop, optional }: PageDeps, context: RequestContext): Promise<boolean> {
  if (shop.orders.refusesEmptyCarts()) return false;
  // When the cart cannot be read here, checkoutservice reads it again and decides.
  const cart = await optional(context, 'cart', (call) => shop.cart.get(context.userId, call));
  return cart?.items.length === 0;
}

function outageAsUndefined(error: unknown): undefined {
  if (!(error instanceof UpstreamError)) throw error;
}

function placedAt(placed: { orderId: string; isOpen: boolean }, attempt: OrderAttempt | undefined): PageResponse {
  const { orderId, isOpen } = placed;
  const redirect = { kind: 'redirect', status: 303, to: orderPath(orderId) } as const;
  return isOpen && attempt !== undefined
    ? { ...redirect, cookies: { openOrder: { orderId, key: orderKey(attempt) } } }
    : redirect;
}

// An order that is rejected because of an outage names the reason of its rejection, such as PAYMENT_UNREACHABLE.
function notPlacedText({ reason }: UpstreamError): string {
  return isOrderRefusal(reason) ? refusalOf(reason).text : NOT_PLACED;
}

function totalChangedText(shown: Money | undefined, total: Money | undefined): string | undefined {
  if (shown === undefined || total === undefined) return undefined;
  const change = `The total was ${formatMoney(shown)} when you opened this page, and is ${formatMoney(total)} now.`;
  return `${change} Nothing was charged: please check it before you order.`;
}

type ShownForm = {
  readonly before: Before;
  /** True when an outage, and not the content of the form, is why no order was placed. */
  readonly isOutage: boolean;
  /** The total that the sent form showed. */
  readonly shown: Money | undefined;
  readonly cause?: UpstreamError;
};

/** @param refused.text the text for the shopper; by default the one of the reason */
async function refuse(
  deps: PageDeps,
  context: RequestContext,
  refused: {
    reason: string;
    content: FormContent;
    attempt: OrderAttempt | undefined;
    shown: Money | undefined;
    text?: string | undefined;
  },
): Promise<PageResponse> {
  deps.events.checkoutRefused({ reason: refused.reason, requestId: context.call.requestId });
  const known = refusalOf(refused.reason);
  const { field, isOutage = false } = known;
  const text = refused.text ?? known.text;
  const content = field === undefined ? refused.content : { ...refused.content, problems: { [field]: text } };
  const { attempt, shown } = refused;
  const sent = { content, problem: field === undefined ? text : undefined, attempt };
  const response = await showForm(deps, context, { before: { sent, refused: attempt }, isOutage, shown });
  // The next form has the next attempt number, also when the shopper opens the cart page again.
  return attempt === undefined ? response : { ...response, cookies: { refusedKey: orderKey(attempt) } };
}

// The cart may have half of the time that is left, so that the form can be shown without it.
async function showForm(
  deps: PageDeps,
  context: RequestContext,
  { before, isOutage, shown, cause }: ShownForm,
): Promise<Extract<PageResponse, { kind: 'page' }>> {
  const retryAfterSeconds = RETRY_AFTER_SECONDS;
  const deadlineMs = context.call.deadlineMs - remainingMs(context.call) / 2;
  try {
    const html = await renderCart(deps, { ...context, call: { ...context.call, deadlineMs } }, before);
    if (!isOutage) return { kind: 'page', status: 422, html };
    return { kind: 'page', status: 503, html, retryAfterSeconds, ...(cause && { cause }) };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const html = renderFormWithoutCart(deps, context, { before, total: shown });
    return { kind: 'page', status: 503, html, retryAfterSeconds, cause: cause ?? error };
  }
}
