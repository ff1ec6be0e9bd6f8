import { formatMoney, type Money, sum, times } from '../../domain/money.ts';
import { type Order, type OrderItem, OrderState } from '../../genproto/hipstershop/order.ts';
import type { Answer, Page } from '../page/answer.ts';
import { notFound } from '../page/problem.ts';
import { requireAmount, unusableAnswer } from '../peers/unusable-answer.ts';
import { pictureOf } from '../pictures.ts';
import type { LineItem, OrderPage, OrderStateName } from '../views/models.ts';
import { OrderPageView } from '../views/order-page.tsx';
import { renderDocument } from '../views/render-document.tsx';
import type { PageDeps } from './page-deps.ts';

const REFRESH_SECONDS = 2;
const SOURCE = { peer: 'checkoutservice', rpc: 'GetOrder' };

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
    if (order?.result === undefined) throw notFound('There is no such order among yours.');
    const page = orderModel(order, order.result);
    const html = renderDocument(
      <OrderPageView
        layout={layoutOf({ requestId: context.call.requestId, currency: context.currency, currencies, cart })}
        page={page}
      />,
    );
    return { kind: 'page', status: 200, html, ...(page.moving ? { refreshSeconds: REFRESH_SECONDS } : {}) };
  };
}

function orderModel(order: Order, result: NonNullable<Order['result']>): OrderPage {
  const state = stateName(order.state);
  const { text, moving } = STATES[state];
  const shipping = requireAmount(result.shippingCost, SOURCE);
  const lines = result.items.map((item) => priceLine(item, shipping.currency));
  const total = order.total
    ? requireAmount(order.total, SOURCE)
    : sum(shipping.currency, [...lines.map(({ lineTotal }) => lineTotal), shipping]);
  const address = result.shippingAddress;
  const zip = address?.postalCode ?? (address?.zipCode ? String(address.zipCode) : '');
  return {
    orderId: result.orderId,
    state,
    stateText: text,
    moving,
    lines: lines.map(({ line }) => line),
    shipping: formatMoney(shipping),
    total: formatMoney(total),
    trackingId: result.shippingTrackingId,
    address: [
      address?.streetAddress ?? '',
      [address?.city, [address?.state, zip].filter(Boolean).join(' ')].filter(Boolean).join(', '),
      address?.country ?? '',
    ].filter((line) => line !== ''),
    history: order.history.map((transition) => ({
      label: STATES[stateName(transition.state)].label,
      time: isoTime(transition.time?.seconds ?? 0n),
    })),
  };
}

function stateName(state: OrderState): OrderStateName {
  const name = Object.entries(OrderState).find(([, value]) => value === state)?.[0];
  // A state that was added after this page was written is still an order that moves.
  return name !== undefined && name in STATES ? (name as OrderStateName) : 'PLACED';
}

function priceLine(item: OrderItem, currency: string): { line: LineItem; lineTotal: Money } {
  const { productId = '', quantity = 0 } = item.item ?? {};
  const unitPrice = requireAmount(item.cost, SOURCE, currency);
  const lineTotal = times(unitPrice, quantity);
  const line = {
    id: productId,
    // The original's orders know no names.
    name: item.productName || productId,
    picture: pictureOf(productId),
    price: formatMoney(unitPrice),
    quantity,
    total: formatMoney(lineTotal),
  };
  return { line, lineTotal };
}

function isoTime(seconds: bigint): string {
  const time = new Date(Number(seconds) * 1000);
  if (Number.isNaN(time.getTime())) throw unusableAnswer(SOURCE, 'a time that is none');
  return time.toISOString();
}
