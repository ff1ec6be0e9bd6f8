import { status } from '@grpc/grpc-js';
import type { WireMethod } from './definition.ts';
import { refused, type ServerStep } from './server-call.ts';

// In place of the request message, for bytes that cannot be decoded.
const MALFORMED = Symbol('malformed request');

/**
 * Returns a deserializer that never throws. After a throwing one grpc-js returns INTERNAL before any step has run, without a
 * span or a log line.
 */
export function decoderOf(method: WireMethod): (bytes: Buffer) => unknown {
  return (bytes) => {
    try {
      return method.requestDeserialize(bytes);
    } catch {
      return MALFORMED;
    }
  };
}

/** Refuses a request that could not be decoded: the error is the caller's. */
export const refuseMalformed: ServerStep = (next) => async (call) =>
  call.request === MALFORMED
    ? refused({ code: status.INVALID_ARGUMENT, message: 'the request cannot be decoded', reason: 'REQUEST_MALFORMED' })
    : await next(call);
