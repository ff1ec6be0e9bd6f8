import { status } from '@grpc/grpc-js';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';

const FINAL_CODES: ReadonlySet<number> = new Set([
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.ALREADY_EXISTS,
  status.FAILED_PRECONDITION,
  status.OUT_OF_RANGE,
]);

/** True when an upstream refused a compensation, and would refuse a repeat in the same way. */
export function isFinalRefusal(error: unknown): error is UpstreamError {
  return error instanceof UpstreamError && FINAL_CODES.has(error.code);
}
