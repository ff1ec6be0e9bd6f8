import { readExposition } from '../lib/metrics/exposition.ts';
import { changeOf, countsOf, edgesOf } from './edge-stats.ts';
import { healthAt } from './health.ts';
import type { Instance } from './instance.ts';

export type ServiceWatch = ReturnType<typeof watchServices>;

/** The processes with their readiness, and the traffic between services in the last minute. */
export type ShopState = Awaited<ReturnType<ServiceWatch['now']>>;

type Readings = Awaited<ReturnType<typeof readingsAt>>;
type Scrape = { readonly atMs: number; readonly readings: readonly Readings[] };

const LIMIT_MS = 1000;
const FRESH_MS = 1000;
const INTERVAL_MS = 5000;
const WINDOW_MS = 60_000;
const NO_READINGS: Readings = { counts: new Map(), lagMs: 0, memoryMb: 0 };

/** Starts to scrape the metrics of the instances every five seconds. */
export function watchServices(instances: readonly Instance[]) {
  const scrapes: Scrape[] = [];
  const scrape = async (): Promise<Scrape> => {
    // Without a response the last known values stay; the health check shows that the service does not respond.
    const known = scrapes.at(-1)?.readings ?? [];
    const readingsOf = ({ metrics }: Instance, index: number) =>
      readingsAt(metrics).catch(() => known[index] ?? NO_READINGS);
    const now = { readings: await Promise.all(instances.map(readingsOf)), atMs: performance.now() };
    scrapes.push(now);
    while ((scrapes[1]?.atMs ?? Number.POSITIVE_INFINITY) < now.atMs - WINDOW_MS) scrapes.shift();
    return now;
  };
  // At most one scrape per second, and one at a time, however often the page is loaded.
  let [latest, startedMs] = [scrape(), performance.now()];
  const fresh = (): Promise<Scrape> => {
    if (performance.now() - startedMs >= FRESH_MS) [latest, startedMs] = [latest.then(scrape), performance.now()];
    return latest;
  };
  const timer = setInterval(() => void fresh(), INTERVAL_MS).unref();
  return {
    now: async () => {
      const healths = Promise.all(instances.map(async (one) => ({ ...one, health: await healthAt(one) })));
      const last = await fresh();
      const [first = last] = scrapes;
      const seconds = (last.atMs - first.atMs) / 1000;
      const changes = last.readings.map(({ counts }, index) => changeOf(first.readings[index]?.counts, counts));
      const states = (await healths).map((one, index) => {
        const active = changes[index]?.get('active');
        return { ...one, ...(last.readings[index] ?? NO_READINGS), busy: active && active / seconds };
      });
      return { instances: states, edges: edgesOf(changes, seconds) };
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

async function readingsAt(metrics: string) {
  const response = await fetch(`http://${metrics}/metrics`, { signal: AbortSignal.timeout(LIMIT_MS) });
  const samples = readExposition(await response.text());
  const value = (wanted: string): number => samples.find(({ name }) => name === wanted)?.value ?? 0;
  // The lag monitor's own timer resolution is in every value: subtract the minimum.
  const lagMs = (value('nodejs_eventloop_lag_p99_seconds') - value('nodejs_eventloop_lag_min_seconds')) * 1000;
  return { counts: countsOf(samples), lagMs, memoryMb: value('process_resident_memory_bytes') / 1e6 };
}
