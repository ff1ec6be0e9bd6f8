import { Metadata, status } from '@grpc/grpc-js';
import { ErrorInfo } from '../../genproto/google/rpc/error_details.ts';
import { Status } from '../../genproto/google/rpc/status.ts';
import type { Reason } from '../error-reason.ts';
import { DomainError, type DomainErrorKind } from '../errors.ts';
import { PeerError } from './peer-error.ts';

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

/** What a caller is told of a failed call. */
export type CallFailure = {
  readonly code: status;
  readonly message: string;
  readonly reason: Reason;
  readonly metadata: Readonly<Record<string, string>>;
};

/**
 * Maps whatever a handler threw to what its caller is told. An upstream's status is never passed on: an outage there is
 * an outage here, and a request that a peer calls wrong is a bug of ours.
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
  if (error instanceof PeerError && error.isOutage) {
    return {
      code: status.UNAVAILABLE,
      message: `${error.peer} is not available, try again later`,
      reason: 'UPSTREAM_UNAVAILABLE',
      metadata: { peer: error.peer },
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

/** Reads the ErrorInfo of a failed call, or `undefined` when the peer sent none that can be read. */
export function readErrorInfo(trailers: Metadata): ErrorInfo | undefined {
  const [bytes] = trailers.get(DETAILS_KEY);
  if (!(bytes instanceof Buffer)) return undefined;
  try {
    const info = Status.decode(bytes).details.find((detail) => detail.typeUrl === ERROR_INFO_TYPE);
    return info === undefined ? undefined : ErrorInfo.decode(info.value);
  } catch {
    // A peer's garbled details change nothing: the status code stands without them.
    return undefined;
  }
}
