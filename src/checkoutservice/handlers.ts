import { requireAddress } from '../domain/address.ts';
import { requireCard } from '../domain/card.ts';
import { isCurrencyCode } from '../domain/currency-codes.ts';
import { requireEmailAddress } from '../domain/email-address.ts';
import { optionalIdempotencyKey, requireId, requireUserId } from '../domain/ids.ts';
import { type Money, parseMoney, type WireMoney } from '../domain/money.ts';
import type { CheckoutServiceDefinition, PlaceOrderRequest } from '../genproto/hipstershop/checkout.ts';
import { OrderState } from '../genproto/hipstershop/order.ts';
import { DomainError } from '../lib/errors.ts';
import { invalidField, requireInteger, requirePresent } from '../lib/fields.ts';
import type { CallContext } from '../lib/grpc/call-context.ts';
import type { Handlers } from '../lib/grpc/server.ts';
import { freesKey, type Order } from './order/order.ts';
import { pageToken, readPageToken, unknownPage } from './page-token.ts';
import type { PlaceOrder } from './saga/place-order.ts';
import type { OrderStore } from './store/order-store.ts';
import { orderResult, wireOrder } from './wire.ts';
import { wireEvent, wireEventWithData } from './wire-event.ts';

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 100;

export type CheckoutHandlerDeps = {
  readonly placeOrder: (command: PlaceOrder, call: CallContext) => Promise<Order>;
  readonly store: Pick<OrderStore, 'events' | 'findByKey' | 'get' | 'list'>;
};

/** The RPCs of the checkout service. */
export function checkoutHandlers({ placeOrder, store }: CheckoutHandlerDeps): Handlers<CheckoutServiceDefinition> {
  return {
    placeOrder: async (request, call) => {
      const order = await placeOrder(decodePlaceOrder(request), call);
      // A client of the original protocol takes OK for success: a rejected order must not be OK.
      if (order.state === 'REJECTED') throw rejected(order);
      return { order: orderResult(order), state: OrderState[order.state] };
    },

    getOrder: async (request) => {
      const userId = requireUserId(request.userId);
      const key = optionalIdempotencyKey(request.idempotencyKey);
      const order =
        key === undefined
          ? await store.get(requireId('order_id', request.orderId))
          : await store.findByKey(userId, key);
      if (order === undefined || order.purchase.userId !== userId) {
        throw new DomainError('not-found', 'ORDER_UNKNOWN', 'this user has no such order');
      }
      return { ...wireOrder(order), events: (await store.events(order.purchase.orderId)).map(wireEvent) };
    },

    getOrderEvents: async (request) => {
      const found = await store.events(requireId('order_id', request.orderId));
      if (found.length === 0) throw new DomainError('not-found', 'ORDER_UNKNOWN', 'there is no order with that id');
      return { events: found.map(wireEventWithData) };
    },

    listOrders: async (request) => {
      const userId = requireUserId(request.userId);
      const requested = requireInteger('page_size', request.pageSize, { min: 0, max: 2 ** 31 - 1 });
      const pageSize = Math.min(requested === 0 ? DEFAULT_PAGE_SIZE : requested, MAX_PAGE_SIZE);
      const afterOrderId = request.pageToken === '' ? undefined : readPageToken(request.pageToken);
      const found = await store.list(userId, { limit: pageSize + 1, afterOrderId });
      if (found === undefined) throw unknownPage();
      const orders = found.slice(0, pageSize);
      const last = orders.at(-1);
      const more = found.length > pageSize && last !== undefined;
      return { orders: orders.map(wireOrder), nextPageToken: more ? pageToken(last.purchase.orderId) : '' };
    },
  };
}

function rejected(order: Order): DomainError {
  const { orderId } = order.purchase;
  const message = `order ${orderId} was rejected (${order.reason}); no money is kept`;
  if (order.reason === '') throw new Error(`order ${orderId} was rejected without a reason`);
  // UNAVAILABLE means that this call charged nothing, and may be repeated with the same key.
  const kind = freesKey(order) ? 'unavailable' : 'precondition';
  return new DomainError(kind, order.reason, message, { metadata: { order_id: orderId } });
}

function decodePlaceOrder(request: PlaceOrderRequest): PlaceOrder {
  const userId = requireUserId(request.userId);
  if (!isCurrencyCode(request.userCurrency)) throw invalidField('user_currency', 'must be three capital letters');
  const address = requirePresent('address', request.address);
  const card = requirePresent('credit_card', request.creditCard);
  requireCard(card);
  const { streetAddress, city, state, country, zipCode, postalCode } = requireAddress('address', address, {
    requiredParts: ['streetAddress', 'city', 'country'],
  });
  requireInteger('address.zip_code', zipCode, { min: 0, max: 2 ** 31 - 1 });
  return {
    userId,
    currency: request.userCurrency,
    address: { streetAddress, city, state, country, zipCode, postalCode },
    email: requireEmailAddress(request.email),
    card,
    idempotencyKey: optionalIdempotencyKey(request.idempotencyKey),
    expectedTotal: request.expectedTotal && requireTotal(request.expectedTotal),
  };
}

function requireTotal(wire: WireMoney): Money {
  const total = parseMoney(wire, { sign: 'positive' });
  if (!total.ok) throw invalidField('expected_total', total.problem);
  return total.money;
}
