import { status } from '@grpc/grpc-js';
import { allowManyListeners, HOP_RESERVE_MS } from './call-context.ts';
import { type Outcome, refused, type ServerStep } from './server-call.ts';

const tooLate = {
  code: status.DEADLINE_EXCEEDED,
  message: 'too little time left',
  reason: 'DEADLINE_TOO_SHORT',
} as const;
const expired = { code: status.DEADLINE_EXCEEDED, message: 'deadline exceeded', reason: 'DEADLINE_EXCEEDED' } as const;
const cancelled = { code: status.CANCELLED, message: 'cancelled by the caller', reason: 'CANCELLED' } as const;

/**
 * Refuses a call with less remaining time than a hop reserves. At the deadline or on cancellation, ends the call without waiting
 * for the remaining steps and aborts the signal of the handler.
 */
export const endInTime: ServerStep = (next) => async (call) => {
  const remainingMs = call.deadlineMs - Date.now();
  if (remainingMs < HOP_RESERVE_MS) return refused(tooLate);
  const ended = new AbortController();
  allowManyListeners(ended.signal);
  let end: (failure: typeof cancelled | typeof expired) => void = () => {};
  const early = new Promise<Outcome>((resolve) => {
    end = (failure) => {
      ended.abort();
      resolve(refused(failure));
    };
  });
  const timer = setTimeout(() => end(expired), remainingMs);
  // The caller's cancellation at the deadline may arrive before this timer fires.
  const stopListening = call.onCancelled(() =>
    end(Date.now() >= call.deadlineMs - HOP_RESERVE_MS ? expired : cancelled),
  );
  try {
    return await Promise.race([next({ ...call, signal: ended.signal }), early]);
  } finally {
    clearTimeout(timer);
    stopListening();
  }
};
