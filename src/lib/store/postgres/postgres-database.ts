import { Pool, type PoolClient } from 'pg';
import type { PostgresAddress } from '../../config/postgres-url.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { storeUnavailable } from '../../store-unavailable.ts';
import { acquireConnection, MAX_CONNECTIONS } from './acquire-connection.ts';
import { connectionTo } from './connection.ts';
import { postgresLines } from './log-lines.ts';
import { measureReadiness } from './measure-readiness.ts';
import { type Migrations, migrate } from './migrate.ts';
import { described, failureKind, isOutcomeUnknown, unusableDatabase } from './postgres-errors.ts';
import { execute, type Query, REPLY_TIMEOUT_MS, repeated } from './statements.ts';

/** A PostgreSQL database of one service. */
export type PostgresDatabase = AsyncDisposable & {
  /**
   * Runs one statement as one transaction, in one round trip. A `bigint` column is read as a number, `numeric` as a bigint, and
   * `jsonb` as {@link decodeJson} reads it. A statement that a concurrent transaction made fail is repeated.
   *
   * @throws {DomainError} STORE_UNAVAILABLE
   */
  readonly query: Query;
  /**
   * Runs several statements as one transaction, without the time limit of a statement. For work that no caller waits for.
   *
   * @throws {DomainError} STORE_UNAVAILABLE, also when concurrent transactions made it fail
   */
  readonly transaction: <T>(work: (query: Query) => Promise<T>) => Promise<T>;
  /**
   * Calls the listener with false until the schema is current, and then with true. An outage later does not change that: every
   * replica has the same database, so no other replica could serve the calls, and readiness is noticed later than a reply.
   */
  readonly onReady: (listener: (ready: boolean) => void) => void;
};

/** What a database takes from the runtime. Without metrics, for example in a tool, nothing is measured. */
export type StoreRuntime = Pick<Runtime, 'log' | 'service'> & Partial<Pick<Runtime, 'metrics'>>;

export type PostgresOptions = {
  readonly address: PostgresAddress;
  readonly migrations: Migrations;
  readonly runtime: StoreRuntime;
};

// The server ends a statement after this time. The client waits longer, so it gives up only when the server does not reply.
const STATEMENT_TIMEOUT_MS = 2000;
const LONG_TIMEOUT_MS = 600_000;
const RETRY_MS = 500;

/**
 * Opens a database: connects, and brings its schema to the version of the code. When the server cannot be reached, this is
 * repeated in the background until it can.
 *
 * @throws {ConfigError} when the server can be reached and the database cannot be used
 */
export async function openPostgresDatabase(options: PostgresOptions): Promise<PostgresDatabase> {
  const { address, migrations, runtime } = options;
  const { log } = runtime;
  const connection = connectionTo(address, runtime.service);
  const limits = { max: MAX_CONNECTIONS, statement_timeout: STATEMENT_TIMEOUT_MS, query_timeout: REPLY_TIMEOUT_MS };
  const pool = new Pool({ ...connection, ...limits });
  // Without a listener, a connection that is closed by the server ends the process. The statement that uses it fails, too.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const listeners: ((ready: boolean) => void)[] = [];
  let isPrepared = false;
  let isAvailable: boolean | undefined;
  let reason = new Error('the database has not been opened yet');
  let retry: NodeJS.Timeout | undefined;
  let closing = false;

  const available = (): void => {
    if (isAvailable !== true) log.write(postgresLines.ready, {});
    isAvailable = true;
  };
  const report = (error: unknown): void => {
    const line = failureKind(error) === 'misconfigured' ? 'misconfigured' : 'unavailable';
    reason = described(error, address);
    if (isAvailable !== false) log.write(postgresLines[line], { err: reason });
    isAvailable = false;
  };

  const prepare = async (): Promise<void> => {
    await requireDurability(pool, address);
    await migrate({ pool, unlimited: () => new Pool(connection), migrations, address });
    isPrepared = true;
    available();
    for (const listener of listeners) listener(true);
  };
  const prepareLater = (): void => {
    retry = setTimeout(() => {
      prepare().catch((error: unknown) => {
        report(error);
        if (!closing) prepareLater();
      });
    }, RETRY_MS);
  };
  try {
    await prepare();
  } catch (error) {
    if (failureKind(error) !== 'unavailable') {
      await pool.end();
      throw described(error, address);
    }
    report(error);
    prepareLater();
  }

  const failed = (error: unknown, isNothingStored: boolean): Error => {
    report(error);
    return storeUnavailable({ cause: described(error, address), isNothingStored });
  };
  const connect = async (): Promise<PoolClient> => {
    try {
      return await acquireConnection(pool);
    } catch (error) {
      throw failureKind(error) === 'bug' ? error : failed(error, true);
    }
  };
  /** Uses one connection, which is closed when its state is unknown afterwards. */
  const connected = async <T>(work: (client: PoolClient) => Promise<T>): Promise<T> => {
    if (!isPrepared) throw storeUnavailable({ cause: reason, isNothingStored: true });
    const client = await connect();
    let broken = false;
    try {
      const result = await work(client);
      available();
      return result;
    } catch (error) {
      broken = isOutcomeUnknown(error);
      throw failureKind(error) === 'bug' ? error : failed(error, !broken);
    } finally {
      client.release(broken);
    }
  };
  const query: Query = async <Row>(statement: string, values?: readonly unknown[]) =>
    await connected((client) => repeated(() => execute<Row>(client, statement, values)));
  const transaction: PostgresDatabase['transaction'] = async (work) =>
    await connected(async (client) => {
      await client.query(`BEGIN; SET LOCAL statement_timeout = ${LONG_TIMEOUT_MS}`);
      const inTransaction: Query = async <Row>(statement: string, values?: readonly unknown[]) =>
        await execute<Row>(client, statement, values, LONG_TIMEOUT_MS);
      try {
        const result = await work(inTransaction);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        if (!isOutcomeUnknown(error)) await client.query('ROLLBACK');
        throw error;
      }
    });
  if (runtime.metrics !== undefined) {
    const isReady = () => isAvailable === true;
    measureReadiness(runtime.metrics, isReady, async () => await query('SELECT 1'));
  }
  return {
    query,
    transaction,
    onReady: (listener) => {
      listeners.push(listener);
      listener(isPrepared);
    },
    [Symbol.asyncDispose]: async () => {
      closing = true;
      clearTimeout(retry);
      await pool.end();
    },
  };
}

/** @throws {ConfigError} when the server acknowledges transactions that a crash would lose */
async function requireDurability(pool: Pool, address: PostgresAddress): Promise<void> {
  const { rows } = await pool.query<{ setting: string }>("SELECT current_setting('synchronous_commit') AS setting");
  if (rows[0]?.setting !== 'off') return;
  throw unusableDatabase(address, 'synchronous_commit is off there, so a crash of the server would lose orders');
}
