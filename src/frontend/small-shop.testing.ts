import { convert, fromWire, toWire, type WireMoney } from '../domain/money.ts';
import { positiveRational } from '../domain/rational.ts';
import type { AdServiceDefinition } from '../genproto/hipstershop/ad.ts';
import type { CartServiceDefinition } from '../genproto/hipstershop/cart.ts';
import type { CheckoutServiceDefinition, PlaceOrderRequest } from '../genproto/hipstershop/checkout.ts';
import type { CurrencyServiceDefinition } from '../genproto/hipstershop/currency.ts';
import { type Order, type OrderResult, OrderState } from '../genproto/hipstershop/order.ts';
import type { Product, ProductCatalogServiceDefinition } from '../genproto/hipstershop/product_catalog.ts';
import type { RecommendationServiceDefinition } from '../genproto/hipstershop/recommendation.ts';
import type { ShippingServiceDefinition } from '../genproto/hipstershop/shipping.ts';
import { DomainError } from '../lib/errors.ts';
import type { Handlers } from '../lib/grpc/server.ts';

/** Every RPC of the seven upstreams; no two have the same name. */
export type ShopHandlers = Handlers<AdServiceDefinition> &
  Handlers<CartServiceDefinition> &
  Handlers<CheckoutServiceDefinition> &
  Handlers<CurrencyServiceDefinition> &
  Handlers<ProductCatalogServiceDefinition> &
  Handlers<RecommendationServiceDefinition> &
  Pick<Handlers<ShippingServiceDefinition>, 'getQuote'>;

/** An amount of US dollars, in cents. */
export function usd(cents: number): WireMoney {
  return { currencyCode: 'USD', units: BigInt(Math.trunc(cents / 100)), nanos: (cents % 100) * 10_000_000 };
}

function product(id: string, name: string, cents: number, category: string): Product {
  const description = `${name}, described.`;
  return { id, name, description, picture: '', priceUsd: usd(cents), categories: [category] };
}

/** The products of the small shop. */
export const PRODUCTS = {
  mug: product('6E92ZMYYFZ', 'Mug', 899, 'kitchen'),
  shakers: product('LS4PSXUNUM', 'Salt & Pepper Shakers', 1849, 'kitchen'),
  watch: product('1YMWWN1N4O', 'Watch', 10_999, 'accessories'),
  novelty: product('NOVELTY001', 'Novelty', 100, 'novelties'),
};

const catalogue = Object.values(PRODUCTS);

// Exchange rates for one US dollar, with round numbers.
const PER_DOLLAR: Readonly<Record<string, string>> = { USD: '1', EUR: '0.5', JPY: '100', GBP: '0.25' };

type StoredCart = { readonly quantities: Map<string, number>; version: number };

/** An in-memory shop without limits or delays, with one cart and a list of orders per user. */
export function smallShop(): ShopHandlers {
  const carts = new Map<string, StoredCart>();
  const orders = new Map<string, { readonly userId: string; readonly order: Order }>();
  const itemsOf = (userId: string) =>
    [...(carts.get(userId)?.quantities ?? [])].map(([productId, quantity]) => ({ productId, quantity }));
  return {
    ...catalogueHandlers(),
    ...currencyHandlers(),
    getAds: async ({ contextKeys }) => ({
      ads: [{ redirectUrl: '/product/6E92ZMYYFZ', text: `A mug for ${contextKeys.join() || 'everyone'}` }],
    }),
    listRecommendations: async ({ productIds }) => {
      const products = catalogue.filter(({ id }) => !productIds.includes(id));
      return { productIds: products.map(({ id }) => id), products };
    },
    getQuote: async () => ({ costUsd: usd(500) }),
    getCart: async ({ userId }) => {
      const cart = carts.get(userId);
      return { userId, items: itemsOf(userId), version: cart && `v${cart.version}` };
    },
    addItem: async ({ userId, item }) => {
      const cart = carts.get(userId) ?? { quantities: new Map(), version: 0 };
      const { productId = '', quantity = 0 } = item ?? {};
      cart.quantities.set(productId, (cart.quantities.get(productId) ?? 0) + quantity);
      cart.version += 1;
      carts.set(userId, cart);
      return {};
    },
    emptyCart: async ({ userId }) => {
      carts.get(userId)?.quantities.clear();
      return {};
    },
    placeOrder: async (request) => {
      const items = itemsOf(request.userId);
      if (items.length === 0) throw new DomainError('precondition', 'CART_EMPTY', 'the cart is empty');
      const result = orderOf(request, `order-${orders.size + 1}`, items);
      orders.set(result.orderId, { userId: request.userId, order: wholeOrder(result, OrderState.CONFIRMED) });
      carts.get(request.userId)?.quantities.clear();
      return { order: result, state: OrderState.CONFIRMED };
    },
    getOrder: async ({ userId, orderId }) => {
      const known = orders.get(orderId);
      if (known?.userId !== userId) throw new DomainError('not-found', 'ORDER_UNKNOWN', 'no such order');
      return known.order;
    },
    listOrders: async ({ userId }) => {
      const own = [...orders.values()].filter((stored) => stored.userId === userId);
      return { orders: own.map(({ order }) => order).toReversed(), nextPageToken: '' };
    },
    getOrderEvents: async () => ({ events: [] }),
  };
}

function catalogueHandlers(): Handlers<ProductCatalogServiceDefinition> {
  return {
    listProducts: async () => ({ products: catalogue }),
    getProduct: async ({ id }) => {
      const found = catalogue.find((candidate) => candidate.id === id);
      if (found === undefined) throw new DomainError('not-found', 'PRODUCT_UNKNOWN', 'no such product');
      return found;
    },
    searchProducts: async ({ query }) => ({
      results: catalogue.filter(({ name }) => name.toLowerCase().includes(query.toLowerCase())),
    }),
    batchGetProducts: async ({ ids }) => ({
      products: ids.flatMap((id) => catalogue.filter((candidate) => candidate.id === id)),
    }),
  };
}

function currencyHandlers(): Handlers<CurrencyServiceDefinition> {
  const toCurrency = (from: WireMoney | undefined, toCode: string): WireMoney => {
    const rate = PER_DOLLAR[toCode];
    if (from === undefined || rate === undefined) throw new DomainError('invalid', 'CURRENCY_UNKNOWN', 'unknown');
    const per = { currency: toCode, rate: positiveRational(rate) };
    return toWire(convert(fromWire(from), per, { rate: positiveRational(PER_DOLLAR[from.currencyCode] ?? '1') }));
  };
  return {
    getSupportedCurrencies: async () => ({ currencyCodes: ['ZAR', ...Object.keys(PER_DOLLAR)] }),
    convert: async ({ from, toCode }) => toCurrency(from, toCode),
    batchConvert: async ({ from, toCode }) => ({ converted: from.map((amount) => toCurrency(amount, toCode)) }),
  };
}

/** The result of an order for these items, at the prices of the small shop. */
export function orderOf(
  request: PlaceOrderRequest,
  orderId: string,
  items: readonly { productId: string; quantity: number }[],
): OrderResult {
  return {
    orderId,
    shippingTrackingId: 'tracking-1',
    shippingCost: { currencyCode: request.userCurrency, units: 5n, nanos: 0 },
    shippingAddress: request.address,
    items: items.map((item) => ({
      item,
      cost: { currencyCode: request.userCurrency, units: 8n, nanos: 990_000_000 },
      productName: catalogue.find(({ id }) => id === item.productId)?.name,
    })),
  };
}

/** An order as GetOrder returns it. */
export function wholeOrder(result: OrderResult, state: OrderState): Order {
  const time = { seconds: 1_800_000_000n, nanos: 0 };
  return {
    result,
    state,
    total: undefined,
    placeTime: time,
    updateTime: time,
    history: [{ state: OrderState.PLACED, time, reason: '' }],
    currencyCode: result.shippingCost?.currencyCode ?? '',
    events: [],
  };
}
