import { readOrderKey } from '../../domain/order-key.ts';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';
import { notFound, RETRY_AFTER_SECONDS } from '../page/problem.ts';
import type { RequestContext } from '../page/request-context.ts';
import type { Page, PageResponse } from '../page/response.ts';
import { orderPath } from '../views/links.ts';
import type { OrderStatusPage } from '../views/models.ts';
import { OrderStatusPageView } from '../views/order-status-page.tsx';
import { renderDocument } from '../views/render-document.tsx';
import type { PageDeps } from './page-deps.ts';

const REFRESH_SECONDS = 2;
/** After the deadline of PlaceOrder, checkoutservice may still store an order for this long, in milliseconds. */
const STORE_MARGIN_MS = 5000;

const LOOKING = {
  title: 'We are looking for your order',
  message:
    'The answer did not arrive in time, so your card may have been charged. Please do not order again: ' +
    'your order is shown here when it is found.',
  isLooking: true,
};
const UNKNOWABLE = {
  title: 'We do not know whether your order was placed',
  message:
    'The answer did not arrive in time, so your card may have been charged. Please look at your cart. If it is empty, the ' +
    'order was placed and a confirmation mail is on its way to you. If it is not, check your mail before you order again.',
  isLooking: false,
  next: { path: '/cart', text: 'Look at your cart' },
};
const NOT_PLACED = {
  title: 'Your order was not placed',
  message: 'Nothing was charged, and your cart is as it was. You can order again.',
  isLooking: false,
  next: { path: '/cart', text: 'Back to your cart' },
};

type HtmlPage = Extract<PageResponse, { kind: 'page' }>;

/** An order that may have been placed. */
export type MaybePlaced = { readonly key: string; readonly sinceMs: number };

/** The page of an order whose placing got no response; without a key the order cannot be looked for. */
export function orderUnknown(deps: PageDeps, context: RequestContext, maybe: MaybePlaced | undefined): HtmlPage {
  const retryAfterSeconds = RETRY_AFTER_SECONDS;
  if (maybe === undefined) return { ...show(deps, context, UNKNOWABLE), status: 503, retryAfterSeconds };
  const path = `/order-status?${new URLSearchParams({ key: maybe.key, since: String(maybe.sinceMs) })}`;
  const page = show(deps, context, { ...LOOKING, next: { path, text: 'Look again now' } });
  return { ...page, status: 503, retryAfterSeconds, refreshSeconds: REFRESH_SECONDS, refreshTo: path };
}

/** GET /order-status: redirects to the order of a key, or looks for it until it cannot be placed any more. */
export function orderStatusPage(deps: PageDeps, checkoutMs: number): Page {
  return async ({ context, query }) => {
    const maybe = maybePlacedIn(query);
    if (maybe === undefined) throw notFound('There is no such order.');
    const { key, sinceMs } = maybe;
    let found: Awaited<ReturnType<typeof deps.shop.orders.idOfKey>>;
    try {
      found = await deps.shop.orders.idOfKey(context.userId, key, context.call);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      return { ...orderUnknown(deps, context, maybe), cause: error };
    }
    if (found === 'unknowable') return show(deps, context, UNKNOWABLE);
    if (found !== undefined) {
      const { orderId } = found;
      return { kind: 'redirect', status: 303, to: orderPath(orderId), cookies: { openOrder: { orderId, key } } };
    }
    const isOver = deps.now() > sinceMs + checkoutMs + STORE_MARGIN_MS;
    return isOver ? show(deps, context, NOT_PLACED) : { ...orderUnknown(deps, context, maybe), status: 200 };
  };
}

function maybePlacedIn(query: URLSearchParams): MaybePlaced | undefined {
  const [key, since] = [query.get('key') ?? '', query.get('since') ?? ''];
  return readOrderKey(key) === undefined || !/^\d{1,15}$/.test(since) ? undefined : { key, sinceMs: Number(since) };
}

function show(deps: PageDeps, context: RequestContext, page: OrderStatusPage): HtmlPage {
  const layout = deps.layoutOf({ requestId: context.call.requestId, currency: context.currency });
  const html = renderDocument(<OrderStatusPageView layout={layout} page={page} />);
  return { kind: 'page', status: 200, html };
}
