import type { Runtime } from '../runtime/runtime.ts';
import { clientCallMetrics } from './call-metrics.ts';
import { connectUpstream, type UpstreamCalls } from './client.ts';
import type { ServiceDefinition } from './definition.ts';

/** What a service calls, by the name of the called service. */
type Definitions = Readonly<Record<string, ServiceDefinition>>;

/** All upstreams of a service, one channel each. Disposing them closes every connection. */
export type Upstreams<D extends Definitions> = Disposable & {
  /** The RPCs of each upstream. */
  readonly calls: { readonly [Name in keyof D]: UpstreamCalls<D[Name]> };
};

/** How the upstreams of a service are reached. */
export type UpstreamsOptions<D extends Definitions> = {
  readonly runtime: Runtime;
  readonly definitions: D;
  /** The address of each upstream: `host:port`, `dns:///host:port` or `ipv4:a:port,b:port`. */
  readonly addresses: Readonly<Record<keyof D, string>>;
  /** False where a mesh retries. */
  readonly retries: boolean;
};

/** Opens the upstreams of a service. Every call to them is traced and measured. */
export function connectUpstreams<D extends Definitions>(options: UpstreamsOptions<D>): Upstreams<D> {
  const { runtime, definitions, retries } = options;
  const measure = clientCallMetrics(runtime.metrics, definitions);
  const open = Object.entries(definitions).map(([to, definition]) => {
    const upstream = connectUpstream(definition, {
      to,
      address: options.addresses[to as keyof D],
      retries,
      tracer: runtime.tracer,
      measure: (call) => measure(to, call),
    });
    return [to, upstream] as const;
  });
  return {
    calls: Object.fromEntries(open.map(([to, { calls }]) => [to, calls])) as Upstreams<D>['calls'],
    [Symbol.dispose]: () => {
      for (const [, upstream] of open) upstream[Symbol.dispose]();
    },
  };
}
