import { type handleUnaryCall, type Metadata, type ServerUnaryCall, status } from '@grpc/grpc-js';
import { type Tracer, context as workContext } from '@opentelemetry/api';
import type { Logger } from '../log/logger.ts';
import type { InFlight } from '../net/in-flight.ts';
import { allowManyListeners, type CallContext, HOP_RESERVE_MS, REQUEST_ID_KEY } from './call-context.ts';
import type { MeasuredCall } from './call-metrics.ts';
import { rpcName, type WireMethod } from './definition.ts';
import { callLines } from './log-lines.ts';
import { beginServerSpan, endServerSpan } from './spans.ts';
import { type CallFailure, failureOf, failureTrailers } from './status.ts';

/** What the adapter of one RPC needs of its server. */
export type AdapterDeps = {
  readonly log: Logger;
  readonly tracer: Tracer;
  readonly newId: () => string;
  /** Domain of the ErrorInfo it sends, such as `cartservice.mercato`. */
  readonly domain: string;
  readonly inFlight: InFlight;
  readonly measure: (call: MeasuredCall) => void;
  /** Deadline of a call that brought none, in milliseconds. */
  readonly defaultDeadlineMs: number;
};

/** A request that could not be decoded. */
export class Malformed {}

/** Decodes a request, or answers Malformed: broken bytes are the caller's error, and not an INTERNAL one. */
export function decodeOrMalformed(method: WireMethod): (bytes: Buffer) => unknown {
  return (bytes) => {
    try {
      return method.requestDeserialize(bytes);
    } catch {
      return new Malformed();
    }
  };
}

const failures = {
  malformed: { code: status.INVALID_ARGUMENT, message: 'the request cannot be decoded', reason: 'REQUEST_MALFORMED' },
  tooLate: { code: status.DEADLINE_EXCEEDED, message: 'too little time left', reason: 'DEADLINE_TOO_SHORT' },
  expired: { code: status.DEADLINE_EXCEEDED, message: 'deadline exceeded', reason: 'DEADLINE_EXCEEDED' },
  cancelled: { code: status.CANCELLED, message: 'cancelled by the caller', reason: 'CANCELLED' },
  overloaded: { code: status.RESOURCE_EXHAUSTED, message: 'too many calls at once, try later', reason: 'OVERLOADED' },
} satisfies Record<string, Omit<CallFailure, 'metadata'>>;

type Outcome = { readonly response: Buffer } | { readonly failure: CallFailure; readonly error?: unknown };

/**
 * Makes a handler of promises one of grpc-js that answers encoded messages: gives it a deadline and a signal, bounds how
 * many run, maps what it throws to a status, and writes the one log line of the call.
 */
export function unaryAdapter(
  method: WireMethod,
  handler: (request: never, call: CallContext) => Promise<unknown>,
  deps: AdapterDeps,
): handleUnaryCall<unknown, Buffer> {
  const rpc = rpcName(method);
  return (call, callback) => {
    const startedAt = performance.now();
    const requestId = requestIdOf(call.metadata) ?? deps.newId();
    const deadlineMs = deadlineOf(call, deps.defaultDeadlineMs);
    const budgetMs = deadlineMs - Date.now();
    const encoded = async (request: never, context: CallContext): Promise<Buffer> =>
      method.responseSerialize(await handler(request, context));
    const { path } = method;
    const worked = beginServerSpan(deps.tracer, { path, metadata: call.metadata, requestId, budgetMs });
    void workContext.with(worked.context, async () => {
      const outcome = await runCall({ call, rpc, handler: encoded, requestId, deadlineMs, deps });
      const failure = 'failure' in outcome ? outcome.failure : undefined;
      endServerSpan(worked.span, failure);
      deps.measure({ method, code: failure?.code ?? status.OK, startedAt, span: worked.span });
      logCall(deps.log, outcome, { rpc, requestId, durationMs: round(performance.now() - startedAt), budgetMs });
      if ('response' in outcome) callback(null, outcome.response);
      else {
        // No metadata goes out before an error: it then travels trailers-only, which is what a proxy can retry.
        // Text that is not well-formed cannot be written into a header.
        const { failure: refused } = outcome;
        const details = refused.message.toWellFormed();
        callback({ code: refused.code, details, metadata: failureTrailers(refused, deps.domain) });
      }
    });
  };
}

async function runCall(run: {
  call: ServerUnaryCall<unknown, Buffer>;
  rpc: string;
  handler: (request: never, call: CallContext) => Promise<Buffer>;
  requestId: string;
  deadlineMs: number;
  deps: AdapterDeps;
}): Promise<Outcome> {
  const { call, deps, deadlineMs } = run;
  if (call.request instanceof Malformed) return refuse('malformed');
  const budgetMs = deadlineMs - Date.now();
  if (budgetMs < HOP_RESERVE_MS) return refuse('tooLate');
  if (!deps.inFlight.enter()) return refuse('overloaded');
  const ended = new AbortController();
  allowManyListeners(ended.signal);
  let endEarly: (failure: 'expired' | 'cancelled') => void = () => {};
  const early = new Promise<Outcome>((resolve) => {
    endEarly = (failure) => {
      ended.abort();
      resolve(refuse(failure));
    };
  });
  const timer = setTimeout(() => endEarly('expired'), budgetMs);
  // The caller's deadline began before ours did: it hangs up a moment before we notice that the time is over.
  const onCancelled = (): void => endEarly(Date.now() >= deadlineMs - HOP_RESERVE_MS ? 'expired' : 'cancelled');
  call.on('cancelled', onCancelled);
  const context: CallContext = { deadlineMs, signal: ended.signal, requestId: run.requestId };
  const work = run
    .handler(call.request as never, context)
    .then(
      (response): Outcome => ({ response }),
      (error: unknown): Outcome => {
        if (ended.signal.aborted) logLateBug(deps.log, error, { rpc: run.rpc, requestId: run.requestId });
        return { failure: failureOf(error), error };
      },
    )
    .finally(() => deps.inFlight.leave());
  try {
    return await Promise.race([work, early]);
  } finally {
    clearTimeout(timer);
    call.off('cancelled', onCancelled);
  }
}

function refuse(name: keyof typeof failures): { readonly failure: CallFailure } {
  return { failure: { ...failures[name], metadata: {} } };
}

function deadlineOf(call: ServerUnaryCall<unknown, Buffer>, defaultDeadlineMs: number): number {
  const deadline = call.getDeadline();
  const deadlineMs = deadline instanceof Date ? deadline.getTime() : deadline;
  return Number.isFinite(deadlineMs) ? deadlineMs : Date.now() + defaultDeadlineMs;
}

function requestIdOf(metadata: Metadata): string | undefined {
  const [value] = metadata.get(REQUEST_ID_KEY);
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : undefined;
}

function logCall(
  log: Logger,
  outcome: Outcome,
  fields: { rpc: string; requestId: string; durationMs: number; budgetMs: number },
): void {
  if ('response' in outcome) {
    log.write(callLines.succeeded, { ...fields, code: 'OK' });
    return;
  }
  const { code, reason, message } = outcome.failure;
  const all = { ...fields, code: status[code], reason };
  if (code === status.INTERNAL) log.write(callLines.failed, { ...all, err: outcome.error });
  else if (code === status.UNAVAILABLE || code === status.RESOURCE_EXHAUSTED) {
    log.write(callLines.unavailable, { ...all, details: message, cause: causeOf(outcome.error) });
  } else log.write(callLines.refused, all);
}

// The caller has its answer already; what a handler throws because it was told to stop is no news, a bug is.
function logLateBug(log: Logger, error: unknown, fields: { rpc: string; requestId: string }): void {
  if (typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError') return;
  if (failureOf(error).code === status.INTERNAL) log.write(callLines.failedLate, { ...fields, err: error });
}

function causeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
