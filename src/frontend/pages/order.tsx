import { formatMoney } from '../../domain/money.ts';
import type { Answer, Page } from '../page/answer.ts';
import type { OrderStateName } from '../page/order-state.ts';
import { notFound } from '../page/problem.ts';
import type { OrderedLine, ShopperOrder } from '../peers/shopper-order.ts';
import { pictureOf } from '../pictures.ts';
import type { LineItem, OrderPage } from '../views/models.ts';
import { OrderPageView } from '../views/order-page.tsx';
import { renderDocument } from '../views/render-document.tsx';
import type { PageDeps } from './page-deps.ts';

const REFRESH_SECONDS = 2;

const STATES: Readonly<Record<OrderStateName, { text: string; label: string; moving: boolean }>> = {
  PLACED: { text: 'We have your order and are charging the card.', label: 'Order placed', moving: true },
  PAID: { text: 'The payment went through. We are handing over the goods.', label: 'Paid', moving: true },
  SHIPPED: { text: 'Your goods are on their way.', label: 'Handed over for shipping', moving: true },
  CONFIRMED: {
    text: 'Thank you! Your goods are on their way, and a mail to you too.',
    label: 'Confirmed',
    moving: false,
  },
  REFUNDING: {
    text: 'We could not ship this order. Your money is on its way back.',
    label: 'Refund started',
    moving: true,
  },
  REJECTED: { text: 'This order did not go through. Nothing is kept of your money.', label: 'Rejected', moving: false },
};

/** GET /order/{id}: one order of this shopper, as it stands. */
export function orderPage({ shop, layoutOf, optional }: PageDeps): Page {
  return async ({ context, params }): Promise<Answer> => {
    const [order, currencies, cart] = await Promise.all([
      shop.orders.find(context.userId, params.id ?? '', context.call),
      optional(context, 'currencies', shop.prices.currencies),
      optional(context, 'cart', (call) => shop.cart.get(context.userId, call)),
    ]);
    if (order === undefined) throw notFound('You have no order with this number.');
    const page = orderModel(order);
    const html = renderDocument(
      <OrderPageView
        layout={layoutOf({ requestId: context.call.requestId, currency: context.currency, currencies, cart })}
        page={page}
      />,
    );
    return { kind: 'page', status: 200, html, ...(page.moving ? { refreshSeconds: REFRESH_SECONDS } : {}) };
  };
}

function orderModel(order: ShopperOrder): OrderPage {
  const { text, moving } = STATES[order.state];
  return {
    orderId: order.orderId,
    state: order.state,
    stateText: text,
    moving,
    lines: order.lines.map(lineItem),
    shipping: formatMoney(order.shipping),
    total: formatMoney(order.total),
    trackingId: order.trackingId,
    address: order.addressLines,
    history: order.history.map(({ state, at }) => ({ label: STATES[state].label, time: at.toISOString() })),
  };
}

function lineItem({ productId, name, quantity, unitPrice, total }: OrderedLine): LineItem {
  const amounts = { price: formatMoney(unitPrice), total: formatMoney(total) };
  return { id: productId, name, picture: pictureOf(productId), quantity, ...amounts };
}
