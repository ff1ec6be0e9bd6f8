import type { Address } from '../../src/genproto/hipstershop/address.ts';
import { CartServiceDefinition } from '../../src/genproto/hipstershop/cart.ts';
import { CheckoutServiceDefinition, type PlaceOrderRequest } from '../../src/genproto/hipstershop/checkout.ts';
import { OrderState } from '../../src/genproto/hipstershop/order.ts';
import type { CreditCardInfo } from '../../src/genproto/hipstershop/payment.ts';
import type { TestShop } from './test-shop.ts';

/** The card number in every prefilled checkout form. */
export const CARD_NUMBER = '4432801561520454';

/** A CVV that is unlikely to occur as another number in the logs. */
export const CVV = 7391;

/** The cart and the orders of a shopper. */
export type ShopperState = {
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
  readonly cartVersion: string | undefined;
  /** Ids of the orders that are in progress or confirmed, and of the rejected ones; newest first. */
  readonly orders: readonly string[];
  readonly rejected: readonly string[];
};

/** A shopper with a filled cart and an order, whom the requests of others must not affect. */
export type Shopper = {
  readonly userId: string;
  /** The current state. */
  readonly state: () => Promise<ShopperState>;
};

/** A card that can be charged. */
export const goodCard: CreditCardInfo = {
  creditCardNumber: CARD_NUMBER,
  creditCardCvv: CVV,
  creditCardExpirationYear: new Date().getUTCFullYear() + 1,
  creditCardExpirationMonth: 1,
};

/** An address that can be shipped to. */
export const goodAddress: Address = {
  streetAddress: 'Riva degli Schiavoni 4196',
  city: 'Venezia',
  state: 'VE',
  country: 'Italy',
  zipCode: 30122,
};

/** A valid request to order the cart of a user. */
export function orderOf(userId: string): PlaceOrderRequest {
  return {
    userId,
    userCurrency: 'EUR',
    address: goodAddress,
    email: 'someone@example.com',
    creditCard: goodCard,
  };
}

/** Orders a mug for a user, then adds two watches and a mug to the cart. */
export async function shopperWithOrder(shop: TestShop, userId: string): Promise<Shopper> {
  const cart = shop.client(CartServiceDefinition, 'cartservice');
  const checkout = shop.client(CheckoutServiceDefinition, 'checkoutservice');
  const add = async (productId: string, quantity: number) =>
    await cart.addItem({ userId, item: { productId, quantity } });
  await add('6E92ZMYYFZ', 1);
  await checkout.placeOrder(orderOf(userId));
  await add('1YMWWN1N4O', 2);
  await add('6E92ZMYYFZ', 1);
  return {
    userId,
    state: async () => {
      const [{ items, version }, { orders }] = await Promise.all([
        cart.getCart({ userId }),
        checkout.listOrders({ userId, pageSize: 100, pageToken: '' }),
      ]);
      const ids = (isRejected: boolean): string[] =>
        orders
          .filter(({ state }) => (state === OrderState.REJECTED) === isRejected)
          .map(({ result }) => result?.orderId ?? '');
      return { items, cartVersion: version, orders: ids(false), rejected: ids(true) };
    },
  };
}

/** Runs `work`, expects the state of these shoppers to be the same as before, and returns the result. */
export async function expectUnchanged<T>(shoppers: readonly Shopper[], work: () => Promise<T>): Promise<T> {
  const state = async () => await Promise.all(shoppers.map((shopper) => shopper.state()));
  const before = await state();
  const response = await work();
  expect(await state()).toEqual(before);
  return response;
}
