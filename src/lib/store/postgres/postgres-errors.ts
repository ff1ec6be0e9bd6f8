import { types } from 'node:util';
import { DatabaseError } from 'pg';
import { ConfigError } from '../../config/config.ts';
import type { PostgresAddress } from '../../config/postgres-url.ts';

/**
 * What a failed statement means:
 * - `unavailable`: the server cannot be reached or cannot work now. Retry later.
 * - `misconfigured`: a setting is wrong. Only a person can correct it.
 * - `conflict`: a concurrent transaction came first. Repeat the statement.
 * - `bug`: anything else.
 */
export type FailureKind = 'unavailable' | 'misconfigured' | 'conflict' | 'bug';

// SQLSTATE codes and classes. Source: PostgreSQL, appendix A.
const KIND_OF_STATE: readonly (readonly [RegExp, FailureKind])[] = [
  // Connection; resources, such as a full disk; shutdown; I/O error; statement or lock timeout; a standby.
  [/^(08|53|57P|58)|^(57014|55P03|25006)$/, 'unavailable'],
  // Login; no such database; no right.
  [/^28|^(3D000|42501)$/, 'misconfigured'],
  // A unique key; serialization; deadlock.
  [/^(23505|40001|40P01)$/, 'conflict'],
];

const OUT_OF_CONNECTIONS = 'the server has no free connection; raise max_connections, or run fewer replicas';

// Codes of OpenSSL and Node for a certificate that is not accepted.
const TLS_CODE = /^ERR_(TLS|SSL|OSSL)|CERT|SIGNATURE/;

/** Classifies what `pg` threw. An error that is neither of the server nor of the code is one of the connection. */
export function failureKind(error: unknown): FailureKind {
  if (error instanceof DatabaseError) {
    const { code = '' } = error;
    return KIND_OF_STATE.find(([pattern]) => pattern.test(code))?.[1] ?? 'bug';
  }
  if (error instanceof ConfigError) return 'misconfigured';
  if (!types.isNativeError(error) || ['TypeError', 'RangeError'].includes(error.name)) return 'bug';
  const { code } = error as NodeJS.ErrnoException;
  const isTls = (code !== undefined && TLS_CODE.test(code)) || error.message.includes('does not support SSL');
  return isTls ? 'misconfigured' : 'unavailable';
}

/** True when a statement that failed after it was sent may have been committed nevertheless. */
export function isOutcomeUnknown(error: unknown): boolean {
  // The server reports its end also for a statement that it has committed.
  if (error instanceof DatabaseError) return /^(08|57P)/.test(error.code ?? '');
  return failureKind(error) !== 'bug';
}

/** True when the server, the database or the user has as many connections as it may have. */
export function isOutOfConnections(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '53300';
}

/** An error whose message names the setting, and the URL without its password. */
export function unusableDatabase(address: PostgresAddress, problem: string, cause?: unknown): ConfigError {
  return new ConfigError(`${settingOf(address)}: ${problem}`, { cause });
}

/** Makes an error of the server or the connection name the setting; returns any other error unchanged. */
export function described(error: unknown, address: PostgresAddress): Error {
  if (!types.isNativeError(error)) return new Error(String(error), { cause: error });
  if (error instanceof ConfigError) return error;
  const kind = failureKind(error);
  if (kind === 'bug') return error;
  if (kind === 'misconfigured') return unusableDatabase(address, `${problemOf(error)} (${error.message})`, error);
  const problem = isOutOfConnections(error) ? `${OUT_OF_CONNECTIONS} (${error.message})` : error.message;
  return new Error(`${settingOf(address)}: ${problem}`, { cause: error });
}

function settingOf({ user, host, port, database }: PostgresAddress): string {
  return `DATABASE_URL=postgres://${user}@${host}:${port}/${database}`;
}

function problemOf(error: Error): string {
  if (!(error instanceof DatabaseError)) return 'TLS fails; see sslmode and sslrootcert';
  if (error.code === '3D000') return 'the server has no such database';
  if (error.code === '42501') return 'the user may not do this; it must own the database';
  return 'the server refuses the user or the password';
}
