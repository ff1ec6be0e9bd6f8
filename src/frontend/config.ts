import { z } from 'zod';
import { type Environment, flag, integer, peerAddress, port, readConfig } from '../lib/config/config.ts';
import {
  type ClientConfig,
  clientConfig,
  clientVariables,
  commonVariables,
  type ProcessConfig,
  processConfig,
  serverVariables,
} from '../lib/process/process-config.ts';
import { topology } from '../topology.ts';
import { BUDGETS, type Budgets } from './budgets.ts';

const BASE_URL = 'empty, or a path such as /shop';
const COLOR = 'a CSS colour: a name such as teal, or #rrggbb';
const MESSAGE = 'at most 300 characters';

/** The environment variables it reads. */
export const frontendVariables = z.object({
  ...commonVariables,
  ...clientVariables,
  HOST: serverVariables.HOST,
  PORT: port().default(topology.frontend.port),
  AD_SERVICE_ADDR: peerAddress(),
  CART_SERVICE_ADDR: peerAddress(),
  CHECKOUT_SERVICE_ADDR: peerAddress(),
  CURRENCY_SERVICE_ADDR: peerAddress(),
  PRODUCT_CATALOG_SERVICE_ADDR: peerAddress(),
  RECOMMENDATION_SERVICE_ADDR: peerAddress(),
  SHIPPING_SERVICE_ADDR: peerAddress(),
  BASE_URL: z
    .string({ error: BASE_URL })
    .regex(/^\/?$|^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+\/?$/, { error: BASE_URL })
    .transform((path) => path.replace(/\/$/, ''))
    .default(''),
  FRONTEND_MESSAGE: z.string({ error: MESSAGE }).max(300, { error: MESSAGE }).optional(),
  BANNER_COLOR: z
    .string({ error: COLOR })
    .regex(/^(?:[a-zA-Z]{3,30}|#[0-9a-fA-F]{3,8})$/, { error: COLOR })
    .optional(),
  ENABLE_SINGLE_SHARED_SESSION: flag().default(false),
  MAX_CONCURRENT_REQUESTS: integer({ min: 1, max: 100_000 }).default(500),
});

/** The services it calls. */
export type FrontendPeer =
  | 'adservice'
  | 'cartservice'
  | 'checkoutservice'
  | 'currencyservice'
  | 'productcatalogservice'
  | 'recommendationservice'
  | 'shippingservice';

export type FrontendConfig = ProcessConfig &
  ClientConfig & {
    readonly host: string;
    readonly port: number;
    /** Requests served at once; one more is answered 503. */
    readonly maxConcurrentRequests: number;
    /** Not read from the environment; tests use other ones. */
    readonly budgets: Budgets;
    readonly peers: Readonly<Record<FrontendPeer, string>>;
    /** Sub-path the shop is served under: `''` or `'/shop'`. */
    readonly basePath: string;
    /** A line across the top of every page. */
    readonly message: string | undefined;
    /** Colour of the header: tells one version of the frontend from another. */
    readonly bannerColor: string | undefined;
    /** Every visitor shares one session: for load tests and demonstrations. */
    readonly singleSharedSession: boolean;
  };

/**
 * Reads the configuration of the frontend.
 *
 * @throws {ConfigError} that lists every problem
 */
export function readFrontendConfig(env: Environment): FrontendConfig {
  const values = readConfig(frontendVariables, env);
  return {
    ...processConfig(values),
    host: values.HOST,
    port: values.PORT,
    maxConcurrentRequests: values.MAX_CONCURRENT_REQUESTS,
    budgets: BUDGETS,
    ...clientConfig(values),
    peers: {
      adservice: values.AD_SERVICE_ADDR,
      cartservice: values.CART_SERVICE_ADDR,
      checkoutservice: values.CHECKOUT_SERVICE_ADDR,
      currencyservice: values.CURRENCY_SERVICE_ADDR,
      productcatalogservice: values.PRODUCT_CATALOG_SERVICE_ADDR,
      recommendationservice: values.RECOMMENDATION_SERVICE_ADDR,
      shippingservice: values.SHIPPING_SERVICE_ADDR,
    },
    basePath: values.BASE_URL,
    message: values.FRONTEND_MESSAGE,
    bannerColor: values.BANNER_COLOR,
    singleSharedSession: values.ENABLE_SINGLE_SHARED_SESSION,
  };
}
