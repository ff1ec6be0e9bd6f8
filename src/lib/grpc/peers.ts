import type { Runtime } from '../runtime/runtime.ts';
import { clientCallMetrics } from './call-metrics.ts';
import { connectPeer, type PeerCalls } from './client.ts';
import type { ServiceDefinition } from './definition.ts';

/** What a service calls, by the name of the called service. */
export type PeerDefinitions = Readonly<Record<string, ServiceDefinition>>;

/** All peers of a service, one channel each. Disposing them closes every connection. */
export type Peers<D extends PeerDefinitions> = Disposable & {
  /** The RPCs of each peer. */
  readonly calls: { readonly [Name in keyof D]: PeerCalls<D[Name]> };
};

/** How the peers of a service are reached. */
export type PeersOptions<D extends PeerDefinitions> = {
  readonly runtime: Runtime;
  readonly definitions: D;
  /** Where each peer is: `host:port`, `dns:///host:port` or `ipv4:a:port,b:port`. */
  readonly addresses: Readonly<Record<keyof D, string>>;
  /** False where a mesh retries. */
  readonly retries: boolean;
  /** Names of the RPCs of a peer that only read: they are what is retried. */
  readonly readRpcs: (to: keyof D & string) => readonly string[];
};

/** Opens the peers of a service. Every call to them is traced, measured and observed. */
export function openPeers<D extends PeerDefinitions>(options: PeersOptions<D>): Peers<D> {
  const { runtime, definitions } = options;
  const measure = clientCallMetrics(runtime.metrics, definitions);
  const open = Object.entries(definitions).map(([to, definition]) => {
    const peer = connectPeer(definition, {
      from: runtime.service,
      to,
      address: options.addresses[to as keyof D],
      retriedRpcs: options.retries ? options.readRpcs(to) : [],
      tracer: runtime.tracer,
      measure: (call) => measure(to, call),
    });
    return [to, peer] as const;
  });
  return {
    calls: Object.fromEntries(open.map(([to, { calls }]) => [to, calls])) as Peers<D>['calls'],
    [Symbol.dispose]: () => {
      for (const [, peer] of open) peer[Symbol.dispose]();
    },
  };
}
