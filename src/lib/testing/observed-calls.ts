import { SpanKind, type Tracer } from '@opentelemetry/api';
import { AlwaysOnSampler, BasicTracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { attribute } from '../telemetry/attributes.ts';

/** One RPC that a service made, read from its client span. */
export type ObservedCall = {
  /** The calling service. */
  readonly from: string;
  /** The called service, as in the topology. */
  readonly to: string;
  /** As in the .proto file, such as `GetCart`. */
  readonly rpc: string;
  /** Name of the status, such as `OK`. */
  readonly code: string;
};

/** Called once per RPC, when it ends. */
export type ObserveCall = (call: ObservedCall) => void;

/** A tracer for the runtime of the service `from`: reports each RPC that the service makes. */
export function observingTracer(from: string, observe: ObserveCall): Tracer {
  const onEnd = ({ kind, name, attributes }: ReadableSpan): void => {
    const to = attributes[attribute.serverService];
    if (kind !== SpanKind.CLIENT || to === undefined) return;
    const rpc = name.slice(name.indexOf('/') + 1);
    observe({ from, to: String(to), rpc, code: String(attributes[attribute.rpcStatusCode]) });
  };
  const processor = { onStart: () => {}, onEnd, forceFlush: async () => {}, shutdown: async () => {} };
  return new BasicTracerProvider({ sampler: new AlwaysOnSampler(), spanProcessors: [processor] }).getTracer('test');
}
