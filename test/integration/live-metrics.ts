import { readExposition, type Sample } from '../../src/lib/metrics/exposition.ts';
import { serviceNames } from '../../src/topology.ts';
import type { LaunchedShop } from './launched-shop.ts';

/** Asks one service for its metrics as they are now, with exemplars. */
export async function metricsAt(url: string): Promise<Sample[]> {
  const response = await fetch(url, { headers: { accept: 'application/openmetrics-text' } });
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  return readExposition(await response.text());
}

/** Asks every service of a shop. */
export async function metricsOf(shop: LaunchedShop): Promise<Sample[]> {
  const urls = serviceNames.flatMap((name) => shop.metricsUrls(name));
  return (await Promise.all(urls.map(metricsAt))).flat();
}

/** The sum of the series of this name whose labels are these, and whatever others they have. */
export function total(samples: readonly Sample[], name: string, labels: Readonly<Record<string, string>> = {}): number {
  return samples
    .filter((sample) => sample.name === name)
    .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    .reduce((sum, { value }) => sum + value, 0);
}

/** A series as text: its name and its labels. */
export function seriesOf({ name, labels }: Sample): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return `${name}{${pairs.sort().join(',')}}`;
}
