import type { Reason } from './error-reason.ts';

/**
 * What a caller may act on. Each kind has exactly one gRPC status, in `grpc/status.ts`:
 * - `invalid`: the request itself is malformed; retrying does not help, correct it.
 * - `not-found`: the named resource does not exist.
 * - `already-exists`: an idempotency key was used before with other content.
 * - `precondition`: the request is valid, but the current state does not allow it; the reason says what.
 * - `aborted`: another call came first (a fenced key, a lost race).
 * - `exhausted`: a limit is reached; retry later.
 * - `unavailable`: an upstream or store is unavailable; retry later.
 */
export type DomainErrorKind =
  | 'invalid'
  | 'not-found'
  | 'already-exists'
  | 'precondition'
  | 'aborted'
  | 'exhausted'
  | 'unavailable';

/**
 * An expected failure that a caller may act on. The message goes to the caller: it says what to do and holds no secret.
 * Anything thrown that is not a DomainError is a bug and reaches the caller as INTERNAL without its text.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly kind: DomainErrorKind;
  /** Permanent: protos/hipstershop/error_reason.proto says what it means. Source: AIP-193. */
  readonly reason: Reason;
  /** Facts for programs, such as the order id or the index of a bad amount. Never personal data. */
  readonly metadata: Readonly<Record<string, string>>;

  constructor(
    kind: DomainErrorKind,
    reason: Reason,
    message: string,
    options: { cause?: unknown; metadata?: Readonly<Record<string, string>> } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.kind = kind;
    this.reason = reason;
    this.metadata = options.metadata ?? {};
  }
}
