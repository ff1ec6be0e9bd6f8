import type { z } from 'zod';
import { definitions } from './contract.ts';
import { upstreamAddress } from './lib/config/config.ts';
import { connectUpstreams, type Upstreams } from './lib/grpc/upstreams.ts';
import { type ClientConfig, clientConfig, clientVariables } from './lib/process/process-config.ts';
import type { Runtime } from './lib/runtime/runtime.ts';
import { type AddressVariableOf, type ServiceName, topology, type UpstreamOf, upstreamsOf } from './topology.ts';

type AddressVariables<S extends ServiceName> = AddressVariableOf<UpstreamOf<S>>;

type UpstreamVariables<S extends ServiceName> = typeof clientVariables &
  Readonly<Record<AddressVariables<S>, ReturnType<typeof upstreamAddress>>>;

/** The environment variables that say how a service reaches its upstreams. Spread them into its schema. */
export function upstreamVariables<S extends ServiceName>(service: S): UpstreamVariables<S> {
  const addresses = upstreamsOf(service).map((name) => [
    topology[name].addressVariable,
    upstreamAddress().describe(`address of ${name}`),
  ]);
  return { ...clientVariables, ...Object.fromEntries(addresses) } as UpstreamVariables<S>;
}

/** The part of a configuration that says how a service reaches its upstreams. */
export type UpstreamConfig<S extends ServiceName> = ClientConfig & {
  /** The address of each: `host:port`, `dns:///host:port` or `ipv4:a:port,b:port`. */
  readonly upstreams: Readonly<Record<UpstreamOf<S>, string>>;
};

/** Reads the part of a configuration that says how a service reaches its upstreams. */
export function upstreamConfig<S extends ServiceName>(
  service: S,
  values: z.output<z.ZodObject<typeof clientVariables>> & Readonly<Record<AddressVariables<S>, string>>,
): UpstreamConfig<S> {
  const given: Readonly<Record<string, unknown>> = values;
  const addresses = upstreamsOf(service).map((name) => [name, given[topology[name].addressVariable]]);
  return { ...clientConfig(values), upstreams: Object.fromEntries(addresses) as Record<UpstreamOf<S>, string> };
}

/** The definitions of the upstreams of a service. */
type UpstreamDefinitions<S extends ServiceName> = Pick<typeof definitions, UpstreamOf<S>>;

/** The upstreams of a service as typed clients. */
export type UpstreamClients<S extends ServiceName> = Upstreams<UpstreamDefinitions<S>>;

/**
 * Opens one channel to each upstream of a service. Calls are traced and measured in the name of the runtime's service;
 * reads are retried unless a mesh does that.
 */
export function openUpstreams<S extends ServiceName>(
  service: S,
  config: UpstreamConfig<S>,
  runtime: Runtime,
): UpstreamClients<S> {
  const picked = upstreamsOf(service).map((name) => [name, definitions[name]]);
  return connectUpstreams({
    runtime,
    definitions: Object.fromEntries(picked) as UpstreamDefinitions<S>,
    addresses: config.upstreams as Readonly<Record<keyof UpstreamDefinitions<S>, string>>,
    retries: config.retries,
  });
}
