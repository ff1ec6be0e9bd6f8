import { healthOf } from '../../lib/grpc/health-of.ts';
import { readExposition } from '../../lib/metrics/exposition.ts';
import { topology } from '../../topology.ts';
import type { Instance } from '../shop.ts';
import { type Counts, changeOf, countEdges, type Edge, edgesOf } from './edge-stats.ts';

/** A process of a service, and whether it says that it can work. */
export type InstanceHealth = Instance & { readonly health: 'ready' | 'not ready' | 'not answering' };

/** Watches the services of a shop: their health now, and the traffic between them in the last minute. */
export type ServiceWatch = ReturnType<typeof watchServices>;

const LIMIT_MS = 1000;
const INTERVAL_MS = 5000;
const WINDOW_MS = 60_000;

/** Begins to watch. */
export function watchServices(instances: readonly Instance[]) {
  const looks: { readonly atMs: number; readonly counts: readonly Counts[] }[] = [];
  const look = async (): Promise<void> => {
    // Of a service that does not answer nothing new is known; that it does not shows in its health.
    const known = looks.at(-1)?.counts ?? [];
    const ask = ({ metrics }: Instance, index: number) => countsAt(metrics).catch(() => known[index] ?? new Map());
    looks.push({ counts: await Promise.all(instances.map(ask)), atMs: performance.now() });
    while ((looks[1]?.atMs ?? Number.POSITIVE_INFINITY) < performance.now() - WINDOW_MS) looks.shift();
  };
  void look();
  const timer = setInterval(() => void look(), INTERVAL_MS).unref();
  return {
    /** Asks each of them now. */
    health: (): Promise<InstanceHealth[]> =>
      Promise.all(instances.map(async (instance) => ({ ...instance, health: await healthAt(instance) }))),
    edges: async (): Promise<Edge[]> => {
      await look();
      const [first, last] = [looks[0], looks.at(-1)];
      const changes = last?.counts.map((counts, index) => changeOf(first?.counts[index], counts)) ?? [];
      return edgesOf(changes, ((last?.atMs ?? 0) - (first?.atMs ?? 0)) / 1000);
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

async function countsAt(metrics: string): Promise<Counts> {
  const response = await fetch(`http://${metrics}/metrics`, { signal: AbortSignal.timeout(LIMIT_MS) });
  return countEdges(readExposition(await response.text()));
}

async function healthAt({ service, address }: Instance): Promise<InstanceHealth['health']> {
  try {
    const isReady =
      topology[service].protocol === 'grpc'
        ? (await healthOf(address, LIMIT_MS)) === 'SERVING'
        : (await fetch(`http://${address}/_healthz`, { signal: AbortSignal.timeout(LIMIT_MS) })).ok;
    return isReady ? 'ready' : 'not ready';
  } catch {
    return 'not answering';
  }
}
