import { readExposition, type Sample } from '../../src/lib/metrics/exposition.ts';
import { serviceNames } from '../../src/topology.ts';
import type { LaunchedShop } from './launched-shop.ts';

/** Reads the metrics of one service, with exemplars. */
export async function metricsAt(url: string): Promise<Sample[]> {
  const response = await fetch(url, { headers: { accept: 'application/openmetrics-text' } });
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  return readExposition(await response.text());
}

/** Reads the metrics of every service of a shop. */
export async function metricsOf(shop: LaunchedShop): Promise<Sample[]> {
  const urls = serviceNames.flatMap((name) => shop.metricsUrls(name));
  return (await Promise.all(urls.map(metricsAt))).flat();
}

/** The sum of the series with this name and these labels; other labels are ignored. */
export function total(samples: readonly Sample[], name: string, labels: Readonly<Record<string, string>> = {}): number {
  return samples
    .filter((sample) => sample.name === name)
    .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    .reduce((sum, { value }) => sum + value, 0);
}

/** The name and the labels of a series as text. */
export function seriesOf({ name, labels }: Sample): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return `${name}{${pairs.sort().join(',')}}`;
}
