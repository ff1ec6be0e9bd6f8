import { status } from '@grpc/grpc-js';
import type { WireMethod } from './definition.ts';
import { refused, type ServerStep } from './server-call.ts';

class Malformed {}

/**
 * The deserializer of a method that never throws. grpc-js would answer INTERNAL for bytes that cannot be decoded, before
 * any step has run: no span, no log line.
 */
export function decoderOf(method: WireMethod): (bytes: Buffer) => unknown {
  return (bytes) => {
    try {
      return method.requestDeserialize(bytes);
    } catch {
      return new Malformed();
    }
  };
}

/** Refuses a request that could not be decoded: the error is the caller's. */
export const refuseMalformed: ServerStep = (next) => async (call) =>
  call.request instanceof Malformed
    ? refused({ code: status.INVALID_ARGUMENT, message: 'the request cannot be decoded', reason: 'REQUEST_MALFORMED' })
    : await next(call);
