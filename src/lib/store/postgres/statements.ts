import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { failureKind } from './postgres-errors.ts';

/** Runs one statement, with values for `$1` and so on. */
export type Query = <Row>(statement: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

/** Milliseconds, longer than the server may take for a statement: the client gives up only when the server does not reply. */
export const REPLY_TIMEOUT_MS = 3000;
const MAX_ATTEMPTS = 10;

/**
 * Runs a statement, which the connection prepares once.
 *
 * @param replyTimeoutMs after this time without a reply, the statement fails
 */
export async function execute<Row>(
  client: PoolClient,
  statement: string,
  values: readonly unknown[] = [],
  replyTimeoutMs = REPLY_TIMEOUT_MS,
): Promise<readonly Row[]> {
  const prepared = { name: nameOf(statement), text: statement, values: [...values], query_timeout: replyTimeoutMs };
  const { rows } = await client.query<Row & object>(prepared);
  return rows;
}

/** Repeats a statement that a concurrent transaction made fail. */
export async function repeated<T>(execute: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await execute();
    } catch (error) {
      if (failureKind(error) !== 'conflict' || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

const names = new Map<string, string>();

/** The name under which a connection keeps the prepared statement. */
function nameOf(statement: string): string {
  const known = names.get(statement);
  if (known !== undefined) return known;
  const name = createHash('sha256').update(statement).digest('base64url').slice(0, 20);
  names.set(statement, name);
  return name;
}
