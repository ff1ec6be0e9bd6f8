import { formatMoney } from '../../domain/money.ts';
import { notFound } from '../page/problem.ts';
import { ok, type Page } from '../page/response.ts';
import type { ShopperOrder } from '../upstreams/shopper-order.ts';
import type { OrderSummary } from '../views/models.ts';
import { OrdersPageView } from '../views/orders-page.tsx';
import { renderDocument } from '../views/render-document.tsx';
import { stateWords } from './order-states.ts';
import type { PageDeps } from './page-deps.ts';

/** GET /orders?page=: the orders of this shopper, newest first. */
export function ordersPage({ shop, layoutOf, optional }: PageDeps): Page {
  return async ({ context, query }) => {
    const pageToken = query.get('page') ?? '';
    const [found, currencies, cart] = await Promise.all([
      shop.orders.list(context.userId, pageToken, context.call),
      optional(context, 'currencies', shop.prices.currencies),
      optional(context, 'cart', (call) => shop.cart.get(context.userId, call)),
    ]);
    if (found === undefined) throw notFound('This page of your orders does not exist.');
    const page = {
      orders: found.orders.map(summaryOf),
      olderToken: found.nextPageToken,
      isFirst: pageToken === '',
    };
    const layout = layoutOf({ requestId: context.call.requestId, currency: context.currency, currencies, cart });
    return ok(renderDocument(<OrdersPageView layout={layout} page={page} />));
  };
}

function summaryOf(order: ShopperOrder): OrderSummary {
  return {
    orderId: order.orderId,
    placed: order.placedAt?.toISOString(),
    state: stateWords(order)[order.state].label,
    total: formatMoney(order.total),
  };
}
