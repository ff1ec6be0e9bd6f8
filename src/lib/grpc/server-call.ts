import type { Metadata } from '@grpc/grpc-js';
import type { Span } from '@opentelemetry/api';
import type { WireMethod } from './definition.ts';
import type { CallFailure } from './status.ts';

/** A call as it passes through the steps of a server. */
export type ServerCall = {
  readonly method: WireMethod;
  /** Name of the RPC, such as `GetCart`. */
  readonly rpc: string;
  readonly request: unknown;
  readonly metadata: Metadata;
  readonly requestId: string;
  /** A time of `performance.now()`. */
  readonly startedAt: number;
  /** Milliseconds since 1970. */
  readonly deadlineMs: number;
  /** Milliseconds that were left when the call arrived. */
  readonly budgetMs: number;
  /** Registers a listener for the caller's cancellation, and returns how to remove it. */
  readonly onCancelled: (listener: () => void) => () => void;
  /** Set by the trace step. */
  readonly span: Span;
  /** Set by the deadline step. Aborts when the caller cancelled or the deadline passed. */
  readonly signal: AbortSignal;
};

/** What a call ends with. The error is for the log only: the caller gets the failure. */
export type Outcome = { readonly response: Buffer } | { readonly failure: CallFailure; readonly error?: unknown };

/** Handles a call. It never rejects: failures are outcomes. */
export type ServerHandle = (call: ServerCall) => Promise<Outcome>;

/** Wraps the rest of the steps. Made once per RPC. */
export type ServerStep = (next: ServerHandle) => ServerHandle;

/** The outcome of a call that a step refuses. */
export function refused(failure: Omit<CallFailure, 'metadata'>): Outcome {
  return { failure: { ...failure, metadata: {} } };
}
