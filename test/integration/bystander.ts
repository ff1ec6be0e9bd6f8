import type { Address } from '../../src/genproto/hipstershop/address.ts';
import { CartServiceDefinition } from '../../src/genproto/hipstershop/cart.ts';
import { CheckoutServiceDefinition, type PlaceOrderRequest } from '../../src/genproto/hipstershop/checkout.ts';
import { OrderState } from '../../src/genproto/hipstershop/order.ts';
import type { CreditCardInfo } from '../../src/genproto/hipstershop/payment.ts';
import type { TestShop } from './test-shop.ts';

/** The number of the card that every form of the shop is prefilled with. */
export const CARD_NUMBER = '4432801561520454';

/** A CVV that no other number in the logs is likely to look like. */
export const CVV = 7391;

/** What a shopper has. */
export type Belongings = {
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
  readonly cartVersion: string | undefined;
  /** Ids of the orders that move or are confirmed, and of those that were rejected; newest first. */
  readonly orders: readonly string[];
  readonly rejected: readonly string[];
};

/** Somebody with a full cart and an order of his own, to whom nothing may happen. */
export type Shopper = {
  readonly userId: string;
  /** What he has now. */
  readonly belongings: () => Promise<Belongings>;
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

/** A request to buy the cart of a user that has nothing wrong with it. */
export function orderOf(userId: string): PlaceOrderRequest {
  return {
    userId,
    userCurrency: 'EUR',
    address: goodAddress,
    email: 'someone@example.com',
    creditCard: goodCard,
  };
}

/** Lets a user buy a mug, and put two watches and a mug into the cart. */
export async function shopperWithBelongings(shop: TestShop, userId: string): Promise<Shopper> {
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
    belongings: async () => {
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

/** Does something that must leave these shoppers with what they had, and answers what it answered. */
export async function leavingAlone<T>(shoppers: readonly Shopper[], work: () => Promise<T>): Promise<T> {
  const belongings = async () => await Promise.all(shoppers.map((shopper) => shopper.belongings()));
  const before = await belongings();
  const answer = await work();
  expect(await belongings()).toEqual(before);
  return answer;
}
