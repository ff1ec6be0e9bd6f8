import { type Client, Metadata } from '@grpc/grpc-js';
import { INVALID_SPAN_CONTEXT, type Tracer, trace } from '@opentelemetry/api';
import { silentTracer } from '../telemetry/tracing.ts';
import { type CallContext, REQUEST_ID_KEY } from './call-context.ts';
import type { MeasuredCall } from './call-metrics.ts';
import type { ClientHandle, ClientStep } from './client-call.ts';
import { shaveDeadline } from './client-deadline.ts';
import { mapStatus } from './client-errors.ts';
import { measureClient } from './client-measure.ts';
import { traceClient } from './client-trace.ts';
import type { WireMethod } from './definition.ts';

/** What the steps of a client share. */
export type ClientStepDeps = {
  /** The called service, as in the topology. */
  readonly to: string;
  /** Starts the spans of the calls; `undefined` for no spans. */
  readonly tracer?: Tracer | undefined;
  /** Called once per call, including calls that are not sent because no time is left. */
  readonly measure?: ((call: MeasuredCall) => void) | undefined;
};

type UnaryCallDeps = ClientStepDeps & {
  /** True when the channel retries this RPC. */
  readonly isRetried: boolean;
};

/** The steps that every call passes, outermost first. */
function clientSteps({ to, tracer, measure, isRetried }: UnaryCallDeps): readonly ClientStep[] {
  return [
    traceClient(tracer ?? silentTracer(), to),
    ...(measure === undefined ? [] : [measureClient(measure)]),
    shaveDeadline(to),
    mapStatus(to, isRetried),
  ];
}

const NO_SPAN = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** Returns a function that sends a request of an RPC through the steps. */
export function unaryCall(
  client: Client,
  method: WireMethod,
  deps: UnaryCallDeps,
): (request: unknown, context: CallContext) => Promise<unknown> {
  const handle = clientSteps(deps).reduceRight((next, step) => step(next), sender(client));
  return async (request, context) => {
    const metadata = new Metadata();
    metadata.set(REQUEST_ID_KEY, context.requestId);
    const { deadlineMs } = context;
    return await handle({
      method,
      request,
      context,
      metadata,
      startedAt: performance.now(),
      span: NO_SPAN,
      deadlineMs,
    });
  };
}

/** Sends the call, and cancels it when its context ends. */
function sender(client: Client): ClientHandle {
  return async ({ method, request, context, metadata, deadlineMs }) =>
    await new Promise((resolve, reject) => {
      const running = client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        metadata,
        { deadline: deadlineMs },
        (error, response) => {
          context.signal.removeEventListener('abort', cancel);
          if (error === null) resolve(response);
          else reject(error);
        },
      );
      const cancel = (): void => running.cancel();
      context.signal.addEventListener('abort', cancel, { once: true });
    });
}
