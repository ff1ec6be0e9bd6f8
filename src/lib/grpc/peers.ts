import type { Runtime } from '../runtime.ts';
import { connectPeer, type PeerCalls } from './client.ts';
import type { ServiceDefinition } from './definition.ts';

/** All peers of a service. Disposing them closes every connection. */
export type Peers<Name extends string> = Disposable & {
  /** Opens the one channel to a peer and answers its RPCs. */
  readonly connect: <D extends ServiceDefinition>(definition: D, to: Name) => PeerCalls<D>;
};

/**
 * Opens the peers of a service.
 *
 * @param options.addresses where each peer is: `host:port`, `dns:///host:port` or `ipv4:a:port,b:port`
 * @param options.retries false where a mesh retries
 * @param options.readRpcs names of the RPCs of a peer that only read: they are what is retried
 */
export function openPeers<Name extends string>(options: {
  runtime: Runtime;
  addresses: Readonly<Record<Name, string>>;
  retries: boolean;
  readRpcs: (to: Name) => readonly string[];
}): Peers<Name> {
  const open: Disposable[] = [];
  return {
    connect: (definition, to) => {
      const peer = connectPeer(definition, {
        from: options.runtime.service,
        to,
        address: options.addresses[to],
        retriedRpcs: options.retries ? options.readRpcs(to) : [],
        observe: options.runtime.observeCall,
        tracer: options.runtime.tracer,
      });
      open.push(peer);
      return peer.calls;
    },
    [Symbol.dispose]: () => {
      for (const peer of open) peer[Symbol.dispose]();
    },
  };
}
