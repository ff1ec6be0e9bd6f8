import { type Metadata, status } from '@grpc/grpc-js';
import { type Context, context, type Span, SpanKind, type Tracer, trace } from '@opentelemetry/api';
import { attribute } from '../telemetry/attributes.ts';
import { markFailed } from '../telemetry/in-span.ts';
import { extractTrace, injectTrace } from '../telemetry/propagation.ts';
import { declareSpan } from '../telemetry/span-declaration.ts';
import { isServerFault } from './server-fault.ts';
import type { CallFailure } from './status.ts';
import { UpstreamError } from './upstream-error.ts';

const rpcAttributes = [
  { name: attribute.rpcSystem, values: ['grpc'] },
  { name: attribute.rpcMethod, about: 'the full method name, such as `hipstershop.CartService/GetCart`' },
  { name: attribute.rpcStatusCode, about: 'the name of the gRPC status, such as `OK`' },
  {
    name: attribute.errorReason,
    about: 'the reason in the ErrorInfo, such as `CARD_DECLINED`',
    absent: 'the RPC succeeded or its error has no reason',
  },
];

/** The span of an RPC on its server. */
export const rpcServerSpan = declareSpan({
  title: 'RPC server',
  names: ['<package>.<Service>/<Rpc>'],
  kind: SpanKind.SERVER,
  attributes: [
    ...rpcAttributes,
    { name: attribute.requestId, about: 'the request id on error pages and in log lines' },
    { name: attribute.deadlineRemainingMs, about: 'the milliseconds to the deadline when the RPC arrived' },
  ],
});

/** The span of an RPC on its client, retries included. */
export const rpcClientSpan = declareSpan({
  title: 'RPC client',
  names: ['<package>.<Service>/<Rpc>'],
  kind: SpanKind.CLIENT,
  attributes: [...rpcAttributes, { name: attribute.serverService, about: 'the called service' }],
});

/** A span with the context in which its work is done. */
export type WorkedSpan = { readonly span: Span; readonly context: Context };

/** Starts the server span of a call as a child of the client span. */
export function beginServerSpan(
  tracer: Tracer,
  call: { path: string; metadata: Metadata; requestId: string; budgetMs: number },
): WorkedSpan {
  const parent = extractTrace((name) => call.metadata.get(name)[0]?.toString());
  const name = call.path.slice(1);
  const attributes = {
    [attribute.rpcSystem]: 'grpc',
    [attribute.rpcMethod]: name,
    [attribute.requestId]: call.requestId,
    [attribute.deadlineRemainingMs]: Math.round(call.budgetMs),
  };
  const span = tracer.startSpan(name, { kind: rpcServerSpan.kind, attributes }, parent);
  return { span, context: trace.setSpan(parent, span) };
}

/** Ends a server span. */
export function endServerSpan(span: Span, failure: CallFailure | undefined): void {
  const code = failure?.code ?? status.OK;
  span.setAttribute(attribute.rpcStatusCode, status[code]);
  if (failure !== undefined) {
    span.setAttribute(attribute.errorReason, failure.reason);
    if (isServerFault(code)) markFailed(span, status[code]);
  }
  span.end();
}

/**
 * Starts the client span of a call as a child of the active span, and injects its trace into the metadata.
 *
 * @param call.upstream the called service, as in the topology
 */
export function beginClientSpan(tracer: Tracer, call: { path: string; upstream: string; metadata: Metadata }): Span {
  const name = call.path.slice(1);
  const attributes = {
    [attribute.rpcSystem]: 'grpc',
    [attribute.rpcMethod]: name,
    [attribute.serverService]: call.upstream,
  };
  const parent = context.active();
  const span = tracer.startSpan(name, { kind: rpcClientSpan.kind, attributes }, parent);
  injectTrace(trace.setSpan(parent, span), (key, value) => call.metadata.set(key, value));
  return span;
}

/** Ends a client span. For a client every status except OK is an error. */
export function endClientSpan(span: Span, error: unknown): void {
  const code = error === undefined ? 'OK' : codeOf(error);
  span.setAttribute(attribute.rpcStatusCode, code);
  if (error !== undefined) {
    if (error instanceof UpstreamError && error.sentReason !== undefined) {
      span.setAttribute(attribute.errorReason, error.sentReason);
    }
    markFailed(span, code);
  }
  span.end();
}

function codeOf(error: unknown): string {
  if (!(error instanceof UpstreamError)) return 'UNKNOWN';
  return status[error.code] ?? String(error.code);
}
