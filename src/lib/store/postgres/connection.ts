import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { type PoolConfig, types } from 'pg';
import type { PostgresAddress, PostgresTls } from '../../config/postgres-url.ts';
import { decodeJson } from '../json-codec.ts';

const CONNECT_TIMEOUT_MS = 2000;

/** The settings of a connection. Reads the certificates. */
export function connectionTo({ tls, ...address }: PostgresAddress, service: string): PoolConfig {
  return {
    ...address,
    ssl: tls === undefined ? false : tlsOptions(tls),
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

function tlsOptions({ verified, rootCertificate, certificate, key }: PostgresTls): ConnectionOptions {
  const read = (path: string | undefined): Buffer | undefined => (path === undefined ? undefined : readFileSync(path));
  const [ca, cert, own] = [read(rootCertificate), read(certificate), read(key)];
  return { rejectUnauthorized: verified, ...(ca && { ca }), ...(cert && { cert }), ...(own && { key: own }) };
}
