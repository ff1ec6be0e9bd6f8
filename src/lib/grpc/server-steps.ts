import type { handleUnaryCall, Metadata, ServerUnaryCall } from '@grpc/grpc-js';
import { INVALID_SPAN_CONTEXT, type Tracer, trace } from '@opentelemetry/api';
import type { Logger } from '../log/logger.ts';
import type { InFlight } from '../net/in-flight.ts';
import { type CallContext, REQUEST_ID_KEY } from './call-context.ts';
import type { MeasuredCall } from './call-metrics.ts';
import { rpcName, type WireMethod } from './definition.ts';
import type { ServerCall, ServerHandle, ServerStep } from './server-call.ts';
import { endInTime } from './server-deadline.ts';
import { refuseMalformed } from './server-decode.ts';
import { mapErrors } from './server-errors.ts';
import { limitCalls } from './server-limit.ts';
import { logCall } from './server-log.ts';
import { measureCall } from './server-measure.ts';
import { traceCall } from './server-trace.ts';
import { failureTrailers } from './status.ts';

/** What the steps of a server share. */
export type ServerStepDeps = {
  readonly log: Logger;
  readonly tracer: Tracer;
  readonly newId: () => string;
  /** Domain of the ErrorInfo that is sent, such as `cartservice.mercato`. */
  readonly domain: string;
  readonly inFlight: InFlight;
  readonly measure: (call: MeasuredCall) => void;
  /** Deadline of a call that has none, in milliseconds. */
  readonly defaultDeadlineMs: number;
};

/** The steps that every call passes, outermost first. */
function serverSteps({ log, tracer, inFlight, measure }: ServerStepDeps): readonly ServerStep[] {
  return [
    traceCall(tracer),
    measureCall(measure),
    logCall(log),
    refuseMalformed,
    endInTime,
    limitCalls(inFlight),
    mapErrors(log),
  ];
}

/** Converts an async handler to a grpc-js handler that runs the steps and returns encoded messages. */
export function unaryHandler(
  method: WireMethod,
  handler: (request: never, call: CallContext) => Promise<unknown>,
  deps: ServerStepDeps,
): handleUnaryCall<unknown, Buffer> {
  // Encodes inside the steps: a response that cannot be encoded is a bug of the handler, and logged as one.
  const run: ServerHandle = async ({ request, deadlineMs, signal, requestId }) => ({
    response: method.responseSerialize(await handler(request as never, { deadlineMs, signal, requestId })),
  });
  const handle = serverSteps(deps).reduceRight((next, step) => step(next), run);
  const rpc = rpcName(method);
  return (call, callback) => {
    void handle(arrived(call, { method, rpc, deps })).then((outcome) => {
      if ('response' in outcome) {
        callback(null, outcome.response);
        return;
      }
      // Send no metadata before an error: the response is then trailers-only, and a proxy can retry the call.
      // Text that is not well-formed cannot be written into a header.
      const { failure } = outcome;
      const details = failure.message.toWellFormed();
      callback({ code: failure.code, details, metadata: failureTrailers(failure, deps.domain) });
    });
  };
}

const NO_SPAN = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
const NEVER = new AbortController().signal;

function arrived(
  call: ServerUnaryCall<unknown, Buffer>,
  { method, rpc, deps }: { method: WireMethod; rpc: string; deps: ServerStepDeps },
): ServerCall {
  const { request, metadata } = call;
  const deadlineMs = deadlineOf(call) ?? Date.now() + deps.defaultDeadlineMs;
  return {
    method,
    rpc,
    request,
    metadata,
    requestId: requestIdOf(metadata) ?? deps.newId(),
    startedAt: performance.now(),
    deadlineMs,
    budgetMs: deadlineMs - Date.now(),
    onCancelled: (listener) => {
      call.on('cancelled', listener);
      return () => call.off('cancelled', listener);
    },
    span: NO_SPAN,
    signal: NEVER,
  };
}

function deadlineOf(call: ServerUnaryCall<unknown, Buffer>): number | undefined {
  const deadline = call.getDeadline();
  const deadlineMs = deadline instanceof Date ? deadline.getTime() : deadline;
  return Number.isFinite(deadlineMs) ? deadlineMs : undefined;
}

function requestIdOf(metadata: Metadata): string | undefined {
  const [value] = metadata.get(REQUEST_ID_KEY);
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : undefined;
}
