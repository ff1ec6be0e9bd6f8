import { CheckoutServiceDefinition } from '../../src/genproto/hipstershop/checkout.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { type Child, runNode } from '../../src/lib/testing/child-process.ts';
import { testClient } from '../../src/lib/testing/test-client.ts';
import type { TestShop } from './test-shop.ts';

/** A request of Ann to buy her cart in euros. */
export const ORDER_REQUEST = {
  userId: 'ann',
  userCurrency: 'EUR',
  address: { streetAddress: 'Rue 1', city: 'Lyon', state: '', country: 'France', zipCode: 69_001 },
  email: 'ann@example.com',
  idempotencyKey: 'key of the form',
  creditCard: {
    creditCardNumber: '4432801561520454',
    creditCardCvv: 672,
    creditCardExpirationYear: 2099,
    creditCardExpirationMonth: 1,
  },
};

/** Starts checkoutservice in a separate process, which calls the services of a shop. */
export async function startCheckout(shop: TestShop, env: Record<string, string>) {
  const child: Child = runNode(projectPath('dist', 'checkoutservice', 'main.js'), {
    HOST: '127.0.0.1',
    PORT: '0',
    CART_SERVICE_ADDR: shop.address('cartservice'),
    CURRENCY_SERVICE_ADDR: shop.address('currencyservice'),
    EMAIL_SERVICE_ADDR: shop.address('emailservice'),
    PRODUCT_CATALOG_SERVICE_ADDR: shop.address('productcatalogservice'),
    ...env,
  });
  const { listening } = await child.logged('started');
  const client = testClient(CheckoutServiceDefinition, String(listening));
  return {
    child,
    client,
    [Symbol.asyncDispose]: async () => {
      client[Symbol.dispose]();
      await child[Symbol.asyncDispose]();
    },
  };
}
