import { setMaxListeners } from 'node:events';

/** A hop keeps this much of its caller's deadline for itself, in milliseconds. */
export const HOP_RESERVE_MS = 20;

/** Metadata key that carries the request id from the edge to the last hop. */
export const REQUEST_ID_KEY = 'x-request-id';

// Made once: a reason that is made for each call carries a stack, and costs more than the rest of its context.
const ENDED = new DOMException('the call is over', 'AbortError');

/** What a call carries through the system: how long it may take, whether anyone still waits, and its name in the logs. */
export type CallContext = {
  /** Milliseconds since 1970: no work for this call after it. */
  readonly deadlineMs: number;
  /** Aborts when the caller hung up or the deadline passed. */
  readonly signal: AbortSignal;
  readonly requestId: string;
};

/**
 * A context that begins here: at the edge, or for work that no caller waits for. Disposing it cancels whatever is still
 * running below it.
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

/** Milliseconds left for this call; 0 or less when it is over. */
export function remainingMs(call: CallContext): number {
  return call.deadlineMs - Date.now();
}

/** One call may have any number of calls below it, each listening for its end. */
export function allowManyListeners(signal: AbortSignal): void {
  setMaxListeners(0, signal);
}
