import { Metadata, status } from '@grpc/grpc-js';
import { ErrorInfo } from '../../genproto/google/rpc/error_details.ts';
import { Status } from '../../genproto/google/rpc/status.ts';
import type { Reason } from '../error-reason.ts';
import { DomainError, type DomainErrorKind } from '../errors.ts';
import { UpstreamError } from './upstream-error.ts';

const DETAILS_KEY = 'grpc-status-details-bin';
const ERROR_INFO_TYPE = 'type.googleapis.com/google.rpc.ErrorInfo';

const STATUS_OF_KIND: Readonly<Record<DomainErrorKind, status>> = {
  invalid: status.INVALID_ARGUMENT,
  'not-found': status.NOT_FOUND,
  'already-exists': status.ALREADY_EXISTS,
  precondition: status.FAILED_PRECONDITION,
  aborted: status.ABORTED,
  exhausted: status.RESOURCE_EXHAUSTED,
  unavailable: status.UNAVAILABLE,
};

/** The status and ErrorInfo that a caller receives for a failed call. */
export type CallFailure = {
  readonly code: status;
  readonly message: string;
  readonly reason: Reason;
  readonly metadata: Readonly<Record<string, string>>;
};

/**
 * Maps what a handler threw to the failure that its caller receives. The status of an upstream is never forwarded: its
 * outage is UNAVAILABLE here, and a request that it refuses as invalid is a bug of this service, so INTERNAL.
 */
export function failureOf(error: unknown): CallFailure {
  if (error instanceof DomainError) {
    return {
      code: STATUS_OF_KIND[error.kind],
      message: error.message,
      reason: error.reason,
      metadata: error.metadata,
    };
  }
  if (error instanceof UpstreamError && error.isOutage) {
    return {
      code: status.UNAVAILABLE,
      message: `${error.upstream} is not available, try again later`,
      reason: 'UPSTREAM_UNAVAILABLE',
      metadata: { peer: error.upstream },
    };
  }
  return { code: status.INTERNAL, message: 'internal error', reason: 'INTERNAL', metadata: {} };
}

/** Writes the reason of a failure as google.rpc.ErrorInfo into trailers. Source: AIP-193. */
export function failureTrailers(failure: CallFailure, domain: string): Metadata {
  const info = ErrorInfo.encode({ reason: failure.reason, domain, metadata: { ...failure.metadata } }).finish();
  const details = Status.encode({
    code: failure.code,
    message: failure.message,
    details: [{ typeUrl: ERROR_INFO_TYPE, value: Buffer.from(info) }],
  }).finish();
  const trailers = new Metadata();
  trailers.set(DETAILS_KEY, Buffer.from(details));
  return trailers;
}

/** Reads the ErrorInfo of a failed call, or `undefined` when the upstream sent none that can be read. */
export function readErrorInfo(trailers: Metadata): ErrorInfo | undefined {
  const [bytes] = trailers.get(DETAILS_KEY);
  if (!(bytes instanceof Buffer)) return undefined;
  try {
    const info = Status.decode(bytes).details.find((detail) => detail.typeUrl === ERROR_INFO_TYPE);
    return info === undefined ? undefined : ErrorInfo.decode(info.value);
  } catch {
    // Ignore malformed details: the status code is enough.
    return undefined;
  }
}
