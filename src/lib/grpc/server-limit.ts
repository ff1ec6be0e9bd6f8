import { status } from '@grpc/grpc-js';
import type { InFlight } from '../net/in-flight.ts';
import { refused, type ServerStep } from './server-call.ts';

const overloaded = {
  code: status.RESOURCE_EXHAUSTED,
  message: 'too many calls at once, try later',
  reason: 'OVERLOADED',
} as const;

/**
 * Refuses a call beyond the limit of calls in flight, so that an overloaded server fails fast. Inside the deadline step: a
 * handler counts until it has stopped, not until its caller has a response.
 */
export function limitCalls(inFlight: InFlight): ServerStep {
  return (next) => async (call) => {
    if (!inFlight.enter()) return refused(overloaded);
    try {
      return await next(call);
    } finally {
      inFlight.leave();
    }
  };
}
