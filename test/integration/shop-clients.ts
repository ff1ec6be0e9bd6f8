import { AdServiceService } from '../../src/genproto/hipstershop/ad.ts';
import { CartServiceService } from '../../src/genproto/hipstershop/cart.ts';
import { CheckoutServiceService } from '../../src/genproto/hipstershop/checkout.ts';
import { CurrencyServiceService } from '../../src/genproto/hipstershop/currency.ts';
import { EmailServiceService } from '../../src/genproto/hipstershop/email.ts';
import { PaymentServiceService } from '../../src/genproto/hipstershop/payment.ts';
import { ProductCatalogServiceService } from '../../src/genproto/hipstershop/product_catalog.ts';
import { RecommendationServiceService } from '../../src/genproto/hipstershop/recommendation.ts';
import { ShippingServiceService } from '../../src/genproto/hipstershop/shipping.ts';
import type { TestShop } from './test-shop.ts';

/** The RPCs of every service of a shop. */
export type ShopClients = ReturnType<typeof shopClients>;

/** Connects to every service that speaks gRPC. */
export function shopClients(shop: TestShop) {
  return {
    ad: shop.client(AdServiceService, 'adservice'),
    cart: shop.client(CartServiceService, 'cartservice'),
    catalogue: shop.client(ProductCatalogServiceService, 'productcatalogservice'),
    checkout: shop.client(CheckoutServiceService, 'checkoutservice'),
    currency: shop.client(CurrencyServiceService, 'currencyservice'),
    email: shop.client(EmailServiceService, 'emailservice'),
    payment: shop.client(PaymentServiceService, 'paymentservice'),
    recommendation: shop.client(RecommendationServiceService, 'recommendationservice'),
    shipping: shop.client(ShippingServiceService, 'shippingservice'),
  };
}
