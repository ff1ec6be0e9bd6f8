import { z } from 'zod';
import { expecting } from './config.ts';

/** Where a PostgreSQL database is, and how to log in. */
export type PostgresAddress = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** `undefined`: no TLS. */
  readonly tls: PostgresTls | undefined;
};

/** Paths of PEM files, and whether the certificate of the server is checked. */
export type PostgresTls = {
  /** False encrypts without checking who the server is. */
  readonly verified: boolean;
  readonly rootCertificate: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
};

/** Stands for the name of the service in a URL that several services read. */
export const SERVICE_PLACEHOLDER = '{service}';

const EXPECTED =
  'postgres://user:password@host:port/database, with no parameters but sslmode (disable, require or verify-full), sslrootcert, sslcert and sslkey';

/** The URL of a PostgreSQL database, as text: see {@link parsePostgresUrl}. */
export function postgresUrl() {
  const isUrl = (text: string): boolean => parsePostgresUrl(text, 'service') !== undefined;
  return z.string(expecting(EXPECTED)).refine(isUrl, expecting(EXPECTED));
}

/**
 * Reads the URL of a database in which `{service}` stands for the name of the service. `sslmode` means the same as for
 * libpq. Returns `undefined` when it cannot be used.
 */
export function parsePostgresUrl(text: string, service: string): PostgresAddress | undefined {
  const own = text.replaceAll(SERVICE_PLACEHOLDER, service);
  if (!URL.canParse(own)) return undefined;
  const url = new URL(own);
  if (!['postgres:', 'postgresql:'].includes(url.protocol) || url.hash !== '') return undefined;
  const [user, password, database] = [url.username, url.password, url.pathname.slice(1)].map(decoded);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const tls = tlsOf(url.searchParams);
  if (!user || password === undefined || !database || database.includes('/')) return undefined;
  if (!/^[^,]+$/.test(host) || tls === 'unusable') return undefined;
  return { host, port: Number(url.port || 5432), user, password, database, tls };
}

function tlsOf(parameters: URLSearchParams): PostgresTls | undefined | 'unusable' {
  const { sslmode = 'disable', sslrootcert, sslcert, sslkey, ...others } = Object.fromEntries(parameters);
  if (Object.keys(others).length > 0 || !['disable', 'require', 'verify-full'].includes(sslmode)) return 'unusable';
  if (sslmode === 'disable') return undefined;
  const verified = sslmode === 'verify-full';
  return { verified, rootCertificate: sslrootcert, certificate: sslcert, key: sslkey };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
