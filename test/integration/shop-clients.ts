import { definitions } from '../../src/contract.ts';
import type { TestShop } from './test-shop.ts';

/** The RPCs of every service of a shop. */
export type ShopClients = ReturnType<typeof shopClients>;

/** Connects to every service that speaks gRPC. */
export function shopClients(shop: TestShop) {
  return {
    ad: shop.client(definitions.adservice, 'adservice'),
    cart: shop.client(definitions.cartservice, 'cartservice'),
    catalogue: shop.client(definitions.productcatalogservice, 'productcatalogservice'),
    checkout: shop.client(definitions.checkoutservice, 'checkoutservice'),
    currency: shop.client(definitions.currencyservice, 'currencyservice'),
    email: shop.client(definitions.emailservice, 'emailservice'),
    payment: shop.client(definitions.paymentservice, 'paymentservice'),
    recommendation: shop.client(definitions.recommendationservice, 'recommendationservice'),
    shipping: shop.client(definitions.shippingservice, 'shippingservice'),
  };
}
