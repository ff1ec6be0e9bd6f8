import { z } from 'zod';
import { type Environment, peerAddress, port, readConfig } from '../lib/config/config.ts';
import type { ServerConfig } from '../lib/grpc/server.ts';
import {
  type ClientConfig,
  clientConfig,
  clientVariables,
  type ProcessConfig,
  processConfig,
  serverConfig,
  serverVariables,
} from '../lib/process/process-config.ts';
import { topology } from '../topology.ts';

/** The environment variables it reads. */
export const checkoutVariables = z.object({
  ...serverVariables,
  ...clientVariables,
  PORT: port().default(topology.checkoutservice.port),
  CART_SERVICE_ADDR: peerAddress(),
  CURRENCY_SERVICE_ADDR: peerAddress(),
  EMAIL_SERVICE_ADDR: peerAddress(),
  PAYMENT_SERVICE_ADDR: peerAddress(),
  PRODUCT_CATALOG_SERVICE_ADDR: peerAddress(),
  SHIPPING_SERVICE_ADDR: peerAddress(),
});

/** The services it calls. */
export type CheckoutPeer =
  | 'cartservice'
  | 'currencyservice'
  | 'emailservice'
  | 'paymentservice'
  | 'productcatalogservice'
  | 'shippingservice';

export type CheckoutConfig = ProcessConfig &
  ClientConfig & {
    readonly server: ServerConfig;
    readonly peers: Readonly<Record<CheckoutPeer, string>>;
  };

/**
 * Reads the configuration of the checkout service.
 *
 * @throws {ConfigError} that lists every problem
 */
export function readCheckoutConfig(env: Environment): CheckoutConfig {
  const values = readConfig(checkoutVariables, env);
  return {
    ...processConfig(values),
    server: serverConfig(values),
    ...clientConfig(values),
    peers: {
      cartservice: values.CART_SERVICE_ADDR,
      currencyservice: values.CURRENCY_SERVICE_ADDR,
      emailservice: values.EMAIL_SERVICE_ADDR,
      paymentservice: values.PAYMENT_SERVICE_ADDR,
      productcatalogservice: values.PRODUCT_CATALOG_SERVICE_ADDR,
      shippingservice: values.SHIPPING_SERVICE_ADDR,
    },
  };
}
