import { addressLines, requireAddress } from '../domain/address.ts';
import { requireId } from '../domain/ids.ts';
import { MAX_CART_LINES, MAX_ID_LENGTH } from '../domain/limits.ts';
import { type Money, parseMoney, type WireMoney } from '../domain/money.ts';
import { orderTotal } from '../domain/order-total.ts';
import type { Address } from '../genproto/hipstershop/address.ts';
import type { OrderItem, OrderResult } from '../genproto/hipstershop/order.ts';
import {
  type FieldPath,
  invalidField,
  requireAtMost,
  requireInteger,
  requirePresent,
  requireText,
} from '../lib/fields.ts';
import type { MailedOrder, OrderLine } from './order.ts';

const MAX_QUANTITY = 2 ** 31 - 1;

/**
 * Decodes an order. A product without a name is named by its id; without an address the order has no address lines.
 *
 * @throws {DomainError} ORDER_INVALID or `ORDER_<FIELD>_INVALID` when a field is missing or invalid
 */
export function decodeOrder(result: OrderResult | undefined): MailedOrder {
  const order = requirePresent('order', result);
  const shippingCost = decodeAmount('order.shipping_cost', order.shippingCost);
  const lines = requireAtMost('order.items', order.items, MAX_CART_LINES).map((item, index) =>
    decodeLine(`order.items[${index}]`, item, shippingCost.currency),
  );
  return {
    orderId: requireId('order.order_id', order.orderId),
    trackingId: requireText('order.shipping_tracking_id', order.shippingTrackingId, { min: 0, max: MAX_ID_LENGTH }),
    lines,
    shippingCost,
    total:
      order.total === undefined ? orderTotal(lines, shippingCost) : decodeTotal(order.total, shippingCost.currency),
    addressLines: order.shippingAddress === undefined ? [] : decodeAddress(order.shippingAddress),
  };
}

/**
 * Reads an amount of money that is not negative.
 *
 * @throws {DomainError} `<FIELD>_INVALID` when it is absent, negative, or breaks a rule of google.type.Money
 */
export function decodeAmount<Path extends string>(field: FieldPath<Path>, wire: WireMoney | undefined): Money {
  const amount = parseMoney(wire, { sign: 'not-negative' });
  if (!amount.ok) throw invalidField<Path>(field, amount.problem);
  return amount.money;
}

function decodeTotal(wire: WireMoney, currency: string): Money {
  const total = decodeAmount('order.total', wire);
  if (total.currency !== currency) throw invalidField('order.total', `must be in ${currency}, as shipping is`);
  return total;
}

function decodeLine(field: `order.items[${number}]`, line: OrderItem, currency: string): OrderLine {
  const item = requirePresent(`${field}.item`, line.item);
  const productId = requireId(`${field}.item.product_id`, item.productId);
  const name = requireText(`${field}.product_name`, line.productName ?? '', { min: 0, max: 256 });
  const unitPrice = decodeAmount(`${field}.cost`, line.cost);
  if (unitPrice.currency !== currency) throw invalidField(`${field}.cost`, `must be in ${currency}, as shipping is`);
  return {
    name: name === '' ? productId : name,
    quantity: requireInteger(`${field}.item.quantity`, item.quantity, { min: 1, max: MAX_QUANTITY }),
    unitPrice,
  };
}

function decodeAddress(address: Address): readonly string[] {
  requireAddress('order.shipping_address', address, { requiredParts: [] });
  return addressLines(address);
}
