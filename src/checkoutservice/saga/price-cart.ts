import { MAX_CART_LINES } from '../../domain/limits.ts';
import { fitsWire, type Money } from '../../domain/money.ts';
import { DomainError } from '../../lib/errors.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { ShippingAddress } from '../order/order.ts';
import { type PricedOrder, priceOrder, type UnpricedLine } from '../order/pricing.ts';
import type { CartToBuy } from '../upstreams/cart-client.ts';
import type { CatalogueClient, CatalogueProduct } from '../upstreams/catalogue-client.ts';
import type { CurrencyClient } from '../upstreams/currency-client.ts';
import type { ShippingClient } from '../upstreams/shipping-client.ts';

export type PriceCartDeps = {
  readonly catalogue: CatalogueClient;
  readonly currency: CurrencyClient;
  readonly shipping: Pick<ShippingClient, 'quote'>;
};

export type Basket = {
  readonly lines: CartToBuy['lines'];
  readonly address: ShippingAddress;
  readonly currency: string;
};

/**
 * Prices a cart. Reads only.
 *
 * @throws {DomainError} CART_UNUSABLE when the cart has too many lines, or a line has a quantity below 1
 * @throws {DomainError} PRODUCT_GONE when a product is no longer sold
 * @throws {DomainError} PRICE_UNUSABLE, QUOTE_UNUSABLE or CONVERSION_UNUSABLE when an upstream returns no usable amount
 * @throws {DomainError} SHIPPING_REFUSED, USER_CURRENCY_INVALID, TOTAL_NOT_PAYABLE
 */
export async function priceCart(deps: PriceCartDeps, basket: Basket, call: CallContext): Promise<PricedOrder> {
  const { lines, address, currency } = basket;
  // The cart service of the original protocol accepts any quantity; a negative one would reduce the total.
  if (lines.length > MAX_CART_LINES || lines.some(({ quantity }) => quantity < 1)) {
    const message = 'the cart cannot be ordered: empty it and choose again';
    throw new DomainError('precondition', 'CART_UNUSABLE', message);
  }
  const ids = lines.map(({ productId }) => productId);
  const [products, quote] = await Promise.all([
    deps.catalogue.products(ids, call),
    deps.shipping.quote(address, lines, call),
  ]);
  const byId = new Map(products.map((product) => [product.id, product]));
  const priced = lines.map(({ productId, quantity }) => {
    const product = byId.get(productId);
    if (product === undefined) throw productGone(productId);
    return { line: { productId, productName: product.name, quantity }, priceUsd: priceOf(product) };
  });
  const converted = await deps.currency.convert([...priced.map(({ priceUsd }) => priceUsd), quote], currency, call);
  const order = priceOrder(
    priced.map(({ line }, index): UnpricedLine => ({ ...line, exactUnitPrice: amountAt(converted, index) })),
    amountAt(converted, priced.length),
  );
  // Refuse the order before payment refuses a total that it cannot charge.
  if (order.total.nanos <= 0n || !fitsWire(order.total)) {
    throw new DomainError('precondition', 'TOTAL_NOT_PAYABLE', `this cart cannot be paid in ${currency}`);
  }
  return order;
}

function productGone(productId: string): DomainError {
  const message = 'a product in the cart is no longer sold: empty the cart and choose again';
  return new DomainError('precondition', 'PRODUCT_GONE', message, { metadata: { product_id: productId } });
}

function priceOf({ id, price }: CatalogueProduct): Money {
  if (price !== undefined) return price;
  const message = 'the catalogue has no price for a product, try again later';
  throw new DomainError('unavailable', 'PRICE_UNUSABLE', message, { metadata: { product_id: id } });
}

function amountAt(amounts: readonly Money[], index: number): Money {
  const amount = amounts[index];
  if (amount === undefined) throw new Error(`no amount ${index} of ${amounts.length}`);
  return amount;
}
