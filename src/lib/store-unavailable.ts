import { DomainError } from './errors.ts';

// In the metadata of the error, for the caller of the service.
const NOTHING_STORED = 'nothing_stored';

/**
 * The error of a store that cannot be read or written now. The text of `cause` is for the log of the service: it names the
 * setting to check.
 *
 * @param failure.isNothingStored false when a write may have been stored although it failed
 */
export function storeUnavailable(failure: { readonly cause: Error; readonly isNothingStored: boolean }): DomainError {
  const metadata = failure.isNothingStored ? { [NOTHING_STORED]: 'true' } : {};
  const message = 'the store of this service is unavailable, try again later';
  return new DomainError('unavailable', 'STORE_UNAVAILABLE', message, { cause: failure.cause, metadata });
}

/** True for the failure of a call whose service was unable to store anything. */
export function isNothingStored(failure: {
  readonly reason: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}): boolean {
  return failure.reason === 'STORE_UNAVAILABLE' && failure.metadata[NOTHING_STORED] === 'true';
}
