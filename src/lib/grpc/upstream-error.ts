import { status } from '@grpc/grpc-js';
import { knownReason, type Reason } from '../error-reason.ts';
import { isNothingStored } from '../store-unavailable.ts';

// Codes for which another replica or a later retry may succeed. INTERNAL and UNKNOWN are bugs of an upstream; a page is
// shown without the part that failed.
const OUTAGE_CODES: ReadonlySet<number> = new Set([
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.RESOURCE_EXHAUSTED,
  status.CANCELLED,
  status.INTERNAL,
  status.UNKNOWN,
  status.UNIMPLEMENTED,
  status.DATA_LOSS,
  // The mesh denies the connection; the request itself is valid.
  status.PERMISSION_DENIED,
  status.UNAUTHENTICATED,
]);

// Outages after which the upstream has certainly not handled the call.
const NOTHING_DONE_CODES: ReadonlySet<number> = new Set([
  status.RESOURCE_EXHAUSTED,
  status.UNIMPLEMENTED,
  status.PERMISSION_DENIED,
  status.UNAUTHENTICATED,
]);

// Reasons of refusals before the handler began, whatever their status.
const NOTHING_DONE_REASONS: ReadonlySet<string | undefined> = new Set<Reason>(['DEADLINE_TOO_SHORT', 'OVERLOADED']);

/** A call that ended with a status other than OK. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  /** The called service, as in the topology. */
  readonly upstream: string;
  readonly rpc: string;
  /** A gRPC status code; an upstream of the original protocol may send a number outside the standard. */
  readonly code: number;
  /** Reason of the ErrorInfo; `undefined` when there was none, or when the contract does not have it. */
  readonly reason: Reason | undefined;
  /** Reason of the ErrorInfo as sent: for traces, and to tell an upstream with ErrorInfo from one without. */
  readonly sentReason: string | undefined;
  /** Metadata of its ErrorInfo. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The status message of the upstream: for logs, never for shoppers. */
  readonly details: string;
  /** True when the request certainly never left this process; false when that is unknown. */
  readonly isUnsent: boolean;

  constructor(failure: {
    upstream: string;
    rpc: string;
    code: number;
    details: string;
    /** As sent. */
    reason?: string | undefined;
    metadata?: Readonly<Record<string, string>>;
    isUnsent?: boolean;
    cause?: unknown;
  }) {
    super(`${failure.upstream} ${failure.rpc}: ${status[failure.code] ?? failure.code} ${failure.details}`, {
      cause: failure.cause,
    });
    this.upstream = failure.upstream;
    this.rpc = failure.rpc;
    this.code = failure.code;
    this.reason = failure.reason === undefined ? undefined : knownReason(failure.reason);
    this.sentReason = failure.reason;
    this.metadata = failure.metadata ?? {};
    this.details = failure.details;
    this.isUnsent = failure.isUnsent ?? false;
  }

  /** True when the upstream could not handle the call, as opposed to refusing the request. */
  get isOutage(): boolean {
    return OUTAGE_CODES.has(this.code);
  }

  /** True when it is unknown whether the upstream handled the call: the response was lost, late or malformed. */
  get isAmbiguous(): boolean {
    const isNothingDone =
      this.isUnsent ||
      NOTHING_DONE_CODES.has(this.code) ||
      NOTHING_DONE_REASONS.has(this.reason) ||
      isNothingStored(this);
    return this.isOutage && !isNothingDone;
  }
}
