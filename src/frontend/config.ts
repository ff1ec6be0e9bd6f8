import { z } from 'zod';
import { decimal, type Environment, flag, integer, listeningPort, readVariables } from '../lib/config/config.ts';
import { commonVariables, type ProcessConfig, processConfig, serverVariables } from '../lib/process/process-config.ts';
import { topology } from '../topology.ts';
import { type UpstreamConfig, upstreamConfig, upstreamVariables } from '../upstreams.ts';
import { type Budgets, scaledBudgets } from './budgets.ts';

const BASE_URL = 'empty, or a path such as /shop';
const COLOR = 'a CSS colour: a name such as teal, or #rrggbb';
const MESSAGE = 'at most 300 characters';

/** The environment variables of the frontend. */
export const variables = z.object({
  ...commonVariables,
  ...upstreamVariables('frontend'),
  HOST: serverVariables.HOST,
  PORT: listeningPort(topology.frontend.port),
  BASE_URL: z
    .string({ error: BASE_URL })
    .regex(/^\/?$|^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+\/?$/, { error: BASE_URL })
    .transform((path) => path.replace(/\/$/, ''))
    .default('')
    .describe('the path under which a proxy serves the shop, such as `/shop`'),
  FRONTEND_MESSAGE: z
    .string({ error: MESSAGE })
    .max(300, { error: MESSAGE })
    .optional()
    .describe('a line at the top of every page, at most 300 characters'),
  BANNER_COLOR: z
    .string({ error: COLOR })
    .regex(/^(?:[a-zA-Z]{3,30}|#[0-9a-fA-F]{3,8})$/, { error: COLOR })
    .optional()
    .describe('the colour of the header, a CSS name or `#rrggbb`: tells a canary from another version'),
  ENABLE_SINGLE_SHARED_SESSION: flag()
    .default(false)
    .describe('all visitors share one session and so one cart: for load tests and demonstrations'),
  TIME_BUDGET_FACTOR: decimal({ min: 0.1, max: 100 })
    .default(1)
    .describe(
      'multiplies the time that a page (3 s), an optional part of a page (600 ms) and an order (10 s) may take: larger for a debugger or a slow machine',
    ),
  MAX_CONCURRENT_REQUESTS: integer({ min: 1, max: 100_000 })
    .default(500)
    .describe('the largest number of requests in flight; one more gets 503'),
});

export type FrontendConfig = ProcessConfig &
  UpstreamConfig<'frontend'> & {
    readonly host: string;
    readonly port: number;
    /** Maximum of requests in flight; the server returns 503 for one more. */
    readonly maxConcurrentRequests: number;
    readonly budgets: Budgets;
    /** Sub-path of the shop: `''` or, for example, `'/shop'`. */
    readonly basePath: string;
    /** A line across the top of every page. */
    readonly message: string | undefined;
    /** Colour of the header, to tell versions of the frontend apart. */
    readonly bannerColor: string | undefined;
    /** All visitors share one session. */
    readonly singleSharedSession: boolean;
  };

/**
 * Reads the configuration of the frontend.
 *
 * @throws {ConfigError} that lists every problem
 */
export function readConfig(env: Environment): FrontendConfig {
  const values = readVariables(variables, env);
  return {
    ...processConfig(values),
    host: values.HOST,
    port: values.PORT,
    maxConcurrentRequests: values.MAX_CONCURRENT_REQUESTS,
    budgets: scaledBudgets(values.TIME_BUDGET_FACTOR),
    ...upstreamConfig('frontend', values),
    basePath: values.BASE_URL,
    message: values.FRONTEND_MESSAGE,
    bannerColor: values.BANNER_COLOR,
    singleSharedSession: values.ENABLE_SINGLE_SHARED_SESSION,
  };
}
