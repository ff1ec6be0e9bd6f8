import { serverFaultNames } from '../../src/lib/grpc/server-fault.ts';
/** The window of rates in dashboards: Grafana derives it from the scrape interval and the width of the chart. */
export const RATE_WINDOW = '$__rate_interval';

/** A ratio; no series instead of NaN while the denominator is zero. */
export function ratio(part: string, whole: string): string {
  return `${part}\n/\n(${whole} > 0)`;
}

/** A numerator that is 0 where it has no series: a series of failures begins with the first failure. */
export function orZero(part: string, whole: string): string {
  return `(${part} or 0 * ${whole})`;
}

/** The rate of a counter per second, summed by labels. */
export function rateBy(labels: string, selector: string, window = RATE_WINDOW): string {
  return `sum by (${labels}) (rate(${selector}[${window}]))`;
}

/**
 * A quantile of a histogram, by labels.
 *
 * @param histogram its name without `_bucket`
 * @param matchers label matchers without the braces; may be empty
 */
export function quantileBy(quantile: number, labels: string, histogram: string, matchers = ''): string {
  const selector = `${histogram}_bucket${braced(matchers)}`;
  const grouping = ['le', labels].filter((part) => part !== '').join(', ');
  return `histogram_quantile(${quantile}, sum by (${grouping}) (rate(${selector}[${RATE_WINDOW}])))`;
}

/** Matchers in braces; an empty string when there are none. */
export function braced(matchers: string): string {
  return matchers === '' ? '' : `{${matchers}}`;
}

/** The gRPC status codes that are the fault of the called service, as a regular expression over their names. */
export const FAULTS = serverFaultNames.join('|');
