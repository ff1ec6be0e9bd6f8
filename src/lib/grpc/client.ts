import { Client, credentials, type ServiceConfig } from '@grpc/grpc-js';
import { parseTarget } from '../net/target.ts';
import type { CallContext } from './call-context.ts';
import { type ClientStepDeps, unaryCall } from './client-steps.ts';
import {
  type RequestOf,
  type ResponseOf,
  rpcName,
  type ServiceDefinition,
  type WireMethod,
  wireMethods,
} from './definition.ts';
import { serviceConfig } from './service-config.ts';

/** How an upstream is reached. */
export type UpstreamOptions = ClientStepDeps & {
  /** `host:port`, `dns:///host:port` or `ipv4:a:port,b:port`. */
  readonly address: string;
  /** True to retry the RPCs that the contract marks as reads. Never where a mesh retries: attempts would multiply. */
  readonly retries?: boolean;
};

/** The RPCs of an upstream as promises. Each takes the context of the incoming call, and is cancelled with it. */
export type UpstreamCalls<D extends ServiceDefinition> = {
  readonly [R in keyof D['methods']]: (
    request: RequestOf<D['methods'][R]>,
    call: CallContext,
  ) => Promise<ResponseOf<D['methods'][R]>>;
};

type WireCall = (request: unknown, call: CallContext) => Promise<unknown>;

/** An upstream: its RPCs, and one connection for all of them. */
export type Upstream<D extends ServiceDefinition> = Disposable & { readonly calls: UpstreamCalls<D> };

/**
 * Opens the one channel to an upstream; it connects with the first call. A call has the deadline of its context minus the
 * reserve of this hop, and is cancelled when the context ends.
 *
 * Each call rejects with an {@link UpstreamError} when the upstream returns a status other than OK.
 *
 * @throws {TypeError} when the address is malformed
 */
export function connectUpstream<D extends ServiceDefinition>(definition: D, options: UpstreamOptions): Upstream<D> {
  const config = serviceConfig(definition, { retries: options.retries ?? false });
  return connectMethods(wireMethods(definition), { ...options, config }) as unknown as Upstream<D>;
}

/** As {@link connectUpstream}, for RPCs that are already in the form that grpc-js takes. */
export function connectMethods<M extends string>(
  methods: Readonly<Record<M, WireMethod>>,
  options: UpstreamOptions & { readonly config: ServiceConfig },
): Disposable & { readonly calls: Readonly<Record<M, WireCall>> } {
  const target = parseTarget(options.address);
  if (target === undefined) throw new TypeError(`not an address of an upstream: ${options.address}`);
  const client = new Client(target.uri, credentials.createInsecure(), {
    'grpc.service_config': JSON.stringify(options.config),
    // With the default of two minutes, a client reconnects long after the upstream is available again.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2000,
    // gRPC servers in other languages send GOAWAY too_many_pings when pings are less than five minutes apart.
    'grpc.keepalive_time_ms': 310_000,
    'grpc.keepalive_timeout_ms': 10_000,
    // Upstreams are in the same network: no HTTP proxy, and no service config from DNS TXT records.
    'grpc.enable_http_proxy': 0,
    'grpc.service_config_disable_resolution': 1,
    // Names are resolved again at most this often, so new and removed replicas are noticed within seconds.
    'grpc.dns_min_time_between_resolutions_ms': 5000,
  });
  const calls = Object.fromEntries(
    Object.entries<WireMethod>(methods).map(([name, method]) => {
      const isRetried = options.config.methodConfig.some((config) =>
        config.name.some((retried) => retried.method === rpcName(method)),
      );
      return [name, unaryCall(client, method, { ...options, isRetried })];
    }),
  );
  return { calls: calls as Readonly<Record<M, WireCall>>, [Symbol.dispose]: () => client.close() };
}
