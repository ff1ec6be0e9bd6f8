import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { type PoolConfig, types } from 'pg';
import type { PostgresAddress, PostgresTls } from '../../config/postgres-url.ts';
import { decodeJson } from '../json-codec.ts';
import { unusableDatabase } from './postgres-errors.ts';

const CONNECT_TIMEOUT_MS = 2000;

/**
 * The settings of a connection.
 *
 * @throws {ConfigError} when a certificate cannot be read
 */
export function connectionTo(address: PostgresAddress, service: string): PoolConfig {
  const { tls, ...server } = address;
  return {
    ...server,
    ssl: tls === undefined ? false : tlsOptions(tls, address),
    application_name: service,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') => PARSERS[oid] ?? types.getTypeParser(oid, format),
    } as PoolConfig['types'] & object,
  };
}

const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [types.builtins.INT8]: Number,
  [types.builtins.NUMERIC]: BigInt,
  [types.builtins.JSONB]: decodeJson,
};

function tlsOptions(tls: PostgresTls, address: PostgresAddress): ConnectionOptions {
  const read = (path: string | undefined): Buffer | undefined => {
    try {
      return path === undefined ? undefined : readFileSync(path);
    } catch (error) {
      throw unusableDatabase(address, `a file of TLS cannot be read (${(error as Error).message})`, error);
    }
  };
  const [ca, cert, key] = [read(tls.rootCertificate), read(tls.certificate), read(tls.key)];
  return { rejectUnauthorized: tls.verified, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}
