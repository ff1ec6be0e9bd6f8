import { z } from 'zod';
import { decimal, type Environment, hostAndPort, integer, readVariables } from '../lib/config/config.ts';
import { commonVariables, type ProcessConfig, processConfig } from '../lib/process/process-config.ts';
import type { Thresholds } from './report.ts';

const MIN_PATIENCE_MS = 30_000;
const PAGE_TIMEOUT_MS = 10_000;

/** The environment variables of the load generator. */
export const variables = z.object({
  ...commonVariables,
  FRONTEND_ADDR: hostAndPort().describe('`host:port` of the storefront'),
  USERS: integer({ min: 1, max: 10_000 })
    .default(10)
    .describe('shoppers; with `PAGES_PER_SECOND` more are added while all of them wait for a response'),
  RATE: decimal({ min: 0.001, max: 1000 }).default(1).describe('new shoppers per second, until all have started'),
  SECONDS: integer({ min: 0, max: 604_800 }).default(0).describe('length of the run; `0` runs until it is stopped'),
  PAGES_PER_SECOND: decimal({ min: 0, max: 10_000 })
    .default(0)
    .describe(
      '`0`: each shopper waits for a response and then thinks. More: pages start at this rate, whatever the responses',
    ),
  WAIT_SCALE: decimal({ min: 0, max: 100 })
    .default(1)
    .describe('factor of the 1 to 10 seconds that a shopper thinks between two pages'),
  MAX_ERROR_RATIO: decimal({ min: 0, max: 1 })
    .default(0.01)
    .describe('the run fails if a larger share of the pages failed'),
  MAX_P95_MS: integer({ min: 0, max: 600_000 })
    .default(0)
    .describe('the run fails if the 95th percentile of the page times is above it; `0` sets no limit'),
  REPORT_FILE: z.string().optional().describe('the file that the report is written to, as JSON'),
});

export type LoadConfig = ProcessConfig & {
  /** `host:port` of the storefront. */
  readonly frontendAddress: string;
  readonly users: number;
  /** New users per second. */
  readonly rate: number;
  /** Length of the run in milliseconds; `undefined` runs until it is stopped. */
  readonly durationMs: number | undefined;
  /** Longest wait for an unavailable storefront at the start, in milliseconds; `undefined` sets no limit. */
  readonly maxStartupWaitMs: number | undefined;
  /** `undefined` for the closed model, in which users wait for responses. */
  readonly pagesPerSecond: number | undefined;
  readonly waitScale: number;
  /** Longest time for one page, redirects included, in milliseconds. Not read from the environment. */
  readonly pageTimeoutMs: number;
  readonly thresholds: Thresholds;
  readonly reportFile: string | undefined;
};

/**
 * Reads the configuration of the load generator.
 *
 * @throws {ConfigError} that lists every problem
 */
export function readConfig(env: Environment): LoadConfig {
  const values = readVariables(variables, env);
  const durationMs = values.SECONDS === 0 ? undefined : values.SECONDS * 1000;
  return {
    ...processConfig(values),
    frontendAddress: values.FRONTEND_ADDR,
    users: values.USERS,
    rate: values.RATE,
    durationMs,
    maxStartupWaitMs: durationMs === undefined ? undefined : Math.max(durationMs, MIN_PATIENCE_MS),
    pagesPerSecond: values.PAGES_PER_SECOND === 0 ? undefined : values.PAGES_PER_SECOND,
    waitScale: values.WAIT_SCALE,
    pageTimeoutMs: PAGE_TIMEOUT_MS,
    thresholds: {
      maxErrorRatio: values.MAX_ERROR_RATIO,
      maxP95Ms: values.MAX_P95_MS === 0 ? undefined : values.MAX_P95_MS,
    },
    reportFile: values.REPORT_FILE,
  };
}
