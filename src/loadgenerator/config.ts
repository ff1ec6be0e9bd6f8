import { z } from 'zod';
import { decimal, type Environment, hostAndPort, integer, readVariables } from '../lib/config/config.ts';
import { commonVariables, type ProcessConfig, processConfig } from '../lib/process/process-config.ts';
import type { Thresholds } from './report.ts';

const MIN_PATIENCE_MS = 30_000;
const PAGE_TIMEOUT_MS = 10_000;

/** The environment variables it reads. */
export const variables = z.object({
  ...commonVariables,
  FRONTEND_ADDR: hostAndPort(),
  /** Shoppers. With PAGES_PER_SECOND there are more when all of them wait for an answer. */
  USERS: integer({ min: 1, max: 10_000 }).default(10),
  /** New shoppers per second, until all are there. */
  RATE: decimal({ min: 0.001, max: 1000 }).default(1),
  /** Length of the run; 0 runs until it is stopped. */
  SECONDS: integer({ min: 0, max: 604_800 }).default(0),
  /** 0: shoppers wait for each answer and then think. More: pages start at this rate, whatever the answers. */
  PAGES_PER_SECOND: decimal({ min: 0, max: 10_000 }).default(0),
  /** Multiplies the time a shopper thinks. */
  WAIT_SCALE: decimal({ min: 0, max: 100 }).default(1),
  /** The run fails when a larger part of the pages failed. */
  MAX_ERROR_RATIO: decimal({ min: 0, max: 1 }).default(0.01),
  /** The run fails when the 95th percentile of all pages is above it; 0 sets no limit. */
  MAX_P95_MS: integer({ min: 0, max: 600_000 }).default(0),
  /** Where the report is written, as JSON. */
  REPORT_FILE: z.string().optional(),
});

export type LoadConfig = ProcessConfig & {
  /** `host:port` of the storefront. */
  readonly frontendAddress: string;
  readonly users: number;
  /** New users per second. */
  readonly rate: number;
  /** Length of the run in milliseconds; `undefined` runs until it is stopped. */
  readonly durationMs: number | undefined;
  /** Longest wait for a storefront that is away at the start, in milliseconds; `undefined` waits for ever. */
  readonly patienceMs: number | undefined;
  /** `undefined` for users who wait for their answers. */
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
    patienceMs: durationMs === undefined ? undefined : Math.max(durationMs, MIN_PATIENCE_MS),
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
