import { setMaxListeners } from 'node:events';

/** Each hop reserves this much of its caller's deadline, in milliseconds. */
export const HOP_RESERVE_MS = 20;

/** Metadata key that carries the request id from the edge to the last hop. */
export const REQUEST_ID_KEY = 'x-request-id';

// Created once: a new DOMException captures a stack and costs more than the rest of a context.
const ENDED = new DOMException('the call is over', 'AbortError');

/** What a call propagates through the system: its deadline, its cancellation and its request id. */
export type CallContext = {
  /** Milliseconds since 1970. */
  readonly deadlineMs: number;
  /** Aborts when the caller cancels the call or the deadline passes. */
  readonly signal: AbortSignal;
  readonly requestId: string;
};

/**
 * Creates a new context, at the edge or for background work. Disposing it cancels every call in flight that uses it.
 */
export function beginCall(options: { budgetMs: number; requestId: string }): CallContext & Disposable {
  const controller = new AbortController();
  allowManyListeners(controller.signal);
  const timer = setTimeout(() => controller.abort(ENDED), options.budgetMs);
  return {
    deadlineMs: Date.now() + options.budgetMs,
    signal: controller.signal,
    requestId: options.requestId,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      controller.abort(ENDED);
    },
  };
}

/** Milliseconds until the deadline; 0 or less after it. */
export function remainingMs(call: CallContext): number {
  return call.deadlineMs - Date.now();
}

/** Removes the limit of listeners: each downstream call of a call adds one. */
export function allowManyListeners(signal: AbortSignal): void {
  setMaxListeners(0, signal);
}
