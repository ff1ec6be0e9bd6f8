import type { Metadata } from '@grpc/grpc-js';
import type { Span } from '@opentelemetry/api';
import type { CallContext } from './call-context.ts';
import type { WireMethod } from './definition.ts';

/** A call as it passes through the steps of a client. */
export type ClientCall = {
  readonly method: WireMethod;
  readonly request: unknown;
  /** The context of the call that this one is made for. */
  readonly context: CallContext;
  readonly metadata: Metadata;
  /** A time of `performance.now()`. */
  readonly startedAt: number;
  /** Set by the trace step. */
  readonly span: Span;
  /** Milliseconds since 1970. Set by the deadline step. */
  readonly deadlineMs: number;
};

/** Makes a call: resolves with the response message, rejects with an UpstreamError. */
export type ClientHandle = (call: ClientCall) => Promise<unknown>;

/** Wraps the rest of the steps. Made once per RPC. */
export type ClientStep = (next: ClientHandle) => ClientHandle;
