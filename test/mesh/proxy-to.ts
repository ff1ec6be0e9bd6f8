import type { GrpcServiceName } from '../../src/topology.ts';
import { type Behaviour, type Callee, startCallee } from './callee.ts';
import { type Envoy, startEnvoy } from './envoy.ts';
import { clusterOf, listener, routesTo } from './envoy-config.ts';
import { meshRulesOf } from './mesh-rules.ts';

/** A caller's proxy for one service, configured from the manifests. */
export type ProxyTo = Pick<Envoy, 'stats'> &
  AsyncDisposable & {
    /** `host:port` for callers. */
    readonly address: string;
    /** The ejected replicas, `host:port` each. */
    readonly ejected: () => Promise<string[]>;
  };

/** Starts a proxy in front of the replicas of a service, `host:port` each. */
export async function startProxyTo(service: GrpcServiceName, replicas: readonly string[]): Promise<ProxyTo> {
  const rules = meshRulesOf(service);
  const envoy = await startEnvoy({
    listeners: [listener({ name: service, routes: routesTo(rules) })],
    clusters: [clusterOf(rules, replicas)],
  });
  return {
    address: envoy.address(service),
    stats: envoy.stats,
    ejected: async () => await envoy.ejected(service),
    [Symbol.asyncDispose]: envoy[Symbol.asyncDispose],
  };
}

/** Replicas of a service behind a caller's proxy. Disposing them ends the proxy too. */
export type Replicas = ProxyTo & { readonly replicas: readonly Callee[] };

/** Starts one replica per answer, and a proxy in front of them. */
export async function startReplicas(service: GrpcServiceName, responses: readonly Behaviour[]): Promise<Replicas> {
  const replicas = await Promise.all(responses.map((response) => startCallee(service, response)));
  const stopReplicas = async (): Promise<void> => {
    for (const replica of replicas) await replica[Symbol.asyncDispose]();
  };
  try {
    const proxy = await startProxyTo(
      service,
      replicas.map(({ address }) => address),
    );
    return {
      ...proxy,
      replicas,
      [Symbol.asyncDispose]: async () => {
        await proxy[Symbol.asyncDispose]();
        await stopReplicas();
      },
    };
  } catch (error) {
    await stopReplicas();
    throw error;
  }
}
