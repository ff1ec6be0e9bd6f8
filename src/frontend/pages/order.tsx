import { formatMoney } from '../../domain/money.ts';
import { notFound } from '../page/problem.ts';
import type { RequestContext } from '../page/request-context.ts';
import type { Page, PageResponse } from '../page/response.ts';
import { pictureOf } from '../pictures.ts';
import type { OrderedLine, ShopperOrder } from '../upstreams/shopper-order.ts';
import type { LineItem, OrderPage } from '../views/models.ts';
import { OrderPageView } from '../views/order-page.tsx';
import { renderDocument } from '../views/render-document.tsx';
import { eventWords, stateWords } from './order-states.ts';
import type { PageDeps } from './page-deps.ts';

const REFRESH_SECONDS = 2;

/** GET /order/{id}: one order of this shopper. */
export function orderPage(deps: PageDeps): Page {
  const { shop, layoutOf, optional } = deps;
  return async ({ context, params }): Promise<PageResponse> => {
    const [order, currencies, cart] = await Promise.all([
      shop.orders.find(context.userId, params.id ?? '', context.call),
      optional(context, 'currencies', shop.prices.currencies),
      optional(context, 'cart', (call) => shop.cart.get(context.userId, call)),
    ]);
    if (order === undefined) throw notFound('You have no order with this number.');
    const page = orderModel(order, await catalogueNames(deps, context, order.lines));
    const html = renderDocument(
      <OrderPageView
        layout={layoutOf({ requestId: context.call.requestId, currency: context.currency, currencies, cart })}
        page={page}
      />,
    );
    return { kind: 'page', status: 200, html, ...(page.moving ? { refreshSeconds: REFRESH_SECONDS } : {}) };
  };
}

type NamesById = ReadonlyMap<string, string>;

/** The names of the products whose line has none. */
async function catalogueNames(
  { shop, optional }: PageDeps,
  context: RequestContext,
  lines: readonly OrderedLine[],
): Promise<NamesById> {
  const unnamed = lines.filter(({ name }) => name === undefined).map(({ productId }) => productId);
  if (unnamed.length === 0) return new Map();
  const products = await optional(context, 'product-names', (call) => shop.catalogue.batch(unnamed, call));
  return new Map(products?.map(({ id, name }) => [id, name]));
}

function orderModel(order: ShopperOrder, names: NamesById): OrderPage {
  const passed = order.history.map(({ state }) => state);
  const states = stateWords(order);
  const { text, moving } = states[order.state];
  return {
    orderId: order.orderId,
    state: order.state,
    passed,
    stateText: text,
    moving,
    lines: order.lines.map((line) => lineItem(line, names)),
    shipping: formatMoney(order.shipping),
    total: formatMoney(order.total),
    trackingId: order.trackingId,
    address: order.addressLines,
    isErased: order.isErased,
    // A checkout that keeps no events may keep states.
    history:
      order.events.length > 0
        ? order.events.map(({ type, at }) => ({ label: eventWords(type), time: at.toISOString() }))
        : order.history.map(({ state, at }) => ({ label: states[state].label, time: at.toISOString() })),
  };
}

function lineItem({ productId, name, quantity, unitPrice, total }: OrderedLine, names: NamesById): LineItem {
  return {
    id: productId,
    name: name ?? names.get(productId) ?? productId,
    picture: pictureOf(productId),
    quantity,
    price: formatMoney(unitPrice),
    total: formatMoney(total),
  };
}
