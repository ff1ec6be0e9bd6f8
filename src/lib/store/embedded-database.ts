import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import { ConfigError } from '../config/config.ts';
import { storeUnavailable } from '../store-unavailable.ts';
import { exclusively } from './exclusively.ts';
import { decodeJson, encodeJson } from './json-codec.ts';
import { describeWriteFailure, isFull, writeFailure } from './lmdb-errors.ts';
import { lmdbFileProblem } from './lmdb-file.ts';

/** The parts of a key, compared in order. A string has at most 500 characters. */
export type Key = readonly (string | number)[];

/** Typed entries of a database, sorted by key. */
export type Table<V> = {
  /** Inside of `write`, sees the changes of that transaction; outside, the last committed state. */
  readonly get: (key: Key) => V | undefined;
  /** The entries whose key starts with `prefix`, in the order of their keys. */
  readonly entries: (prefix?: Key, options?: RangeOptions) => Entry<V>[];
  /** The keys of all entries, in their order. Reads no value. */
  readonly keys: () => Key[];
  /** Number of the entries whose key starts with `prefix`. */
  readonly count: (prefix?: Key) => number;
  /** Only inside of `write`. */
  readonly put: (key: Key, value: V) => void;
  /** Only inside of `write`. Removing an absent key does nothing. */
  readonly remove: (key: Key) => void;
  /** Removes all entries. Only inside of `write`. */
  readonly clear: () => void;
};

export type Entry<V> = { readonly key: Key; readonly value: V };

export type RangeOptions = {
  readonly limit?: number;
  /** Starts with the largest key. */
  readonly reverse?: boolean;
  /** Starts behind this key, in the direction of the range. */
  readonly after?: Key;
  /** Ends with the last key that starts with this one. Not together with `reverse`. */
  readonly through?: Key;
};

/**
 * A database in files of this machine (LMDB), for one service. Several processes may have it open: transactions that
 * write run one after the other, across processes too.
 */
export type EmbeddedDatabase = AsyncDisposable & {
  /** The entries below one name. Tables share transactions. */
  readonly table: <V>(name: string) => Table<V>;
  /**
   * Runs `work` as one transaction. Resolves after its changes are on disk (fsync). Concurrent transactions share one
   * commit. When `work` throws, nothing of it is stored and the promise rejects with that error.
   *
   * @throws {DomainError} STORE_UNAVAILABLE when the disk is full or fails: nothing is stored
   */
  readonly write: <T>(work: () => T) => Promise<T>;
};

// Version of the layout: a database with a higher one was written by a newer version of the service.
const FORMAT = 1;
const FORMAT_KEY = ['format'];

/**
 * Opens the database of a service in the folder `<dataDirectory>/<service>`, which is created when it is absent.
 *
 * @throws {ConfigError} when the folder is not writable, the file is damaged, or a newer version has written it
 */
export async function openEmbeddedDatabase(options: {
  readonly dataDirectory: string;
  readonly service: string;
}): Promise<EmbeddedDatabase> {
  const folder = join(options.dataDirectory, options.service);
  const unusable = (problem: string, cause?: unknown): ConfigError =>
    new ConfigError(`DATA_DIR=${options.dataDirectory}: ${problem}`, { cause });
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(`${folder} is not a writable folder (${(error as Error).message})`, error);
  }
  const openRoot = async () => {
    // LMDB ends the process with SIGBUS when there is no space for its new lock file.
    if (!existsSync(join(folder, 'lock.mdb')) && isFull(folder))
      throw unusable(`${folder} cannot be written: the disk is full`);
    const problem = lmdbFileProblem(join(folder, 'data.mdb'));
    if (problem !== undefined) {
      throw unusable(`${join(folder, 'data.mdb')} cannot be read: ${problem}. Restore it, or remove the folder`);
    }
    // Without overlapping sync, a transaction resolves after its fsync and not before.
    // Without batching by event turn, no promise of a failed commit is left without a handler, which would end the process.
    const opened = open<string, (string | number)[]>({
      path: folder,
      encoding: 'string',
      overlappingSync: false,
      eventTurnBatching: false,
    });
    const format = await opened.transaction(() => {
      const stored = opened.get(FORMAT_KEY);
      if (stored === undefined) void opened.put(FORMAT_KEY, String(FORMAT));
      return Number(stored ?? FORMAT);
    });
    return { root: opened, found: format };
  };
  // Two processes that open a new database at the same time fail with "No transaction to renew" in lmdb 3.5.
  const { root, found } = await exclusively(join(folder, 'opening'), openRoot).catch((error: unknown) => {
    if (error instanceof ConfigError) throw error;
    throw unusable(describeWriteFailure(folder, error), error);
  });
  let isWriting = false;
  const requireTransaction = (): void => {
    if (!isWriting) throw new Error('a change outside of a transaction');
  };
  const write = async <T>(work: () => T): Promise<T> => {
    try {
      // A child transaction, because LMDB commits what a plain one changed before it threw.
      return await root.childTransaction(() => {
        isWriting = true;
        try {
          return work();
        } finally {
          isWriting = false;
        }
      });
    } catch (error) {
      const cause = await writeFailure(error);
      if (cause === undefined) throw error;
      throw storeUnavailable({ cause: unusable(describeWriteFailure(folder, cause), cause), isNothingStored: true });
    }
  };
  if (found > FORMAT) {
    await root.close();
    throw unusable(
      `${folder} has format ${found}, and this version of ${options.service} reads up to ${FORMAT}. Start the newer version, or choose another folder`,
    );
  }
  const table = <V>(name: string): Table<V> => {
    const rangeOf = (prefix: Key, { limit, reverse = false, after, through = prefix }: RangeOptions = {}) => {
      const first = [name, ...prefix];
      const last = [name, ...through, HIGHEST];
      const behind = after === undefined ? undefined : [name, ...after];
      return {
        ...(limit === undefined ? {} : { limit }),
        ...(reverse ? { reverse, start: behind ?? last, end: first } : { start: behind ?? first, end: last }),
        exclusiveStart: behind !== undefined,
      };
    };
    return {
      get: (key) => {
        const text = root.get([name, ...key]);
        return text === undefined ? undefined : decodeJson<V>(text);
      },
      entries: (prefix = [], range) =>
        [...root.getRange(rangeOf(prefix, range))].map(({ key, value }) => ({
          key: key.slice(1),
          value: decodeJson<V>(value),
        })),
      keys: () => [...root.getKeys(rangeOf([]))].map((key) => key.slice(1)),
      count: (prefix = []) => root.getKeysCount(rangeOf(prefix)),
      put: (key, value) => {
        requireTransaction();
        void root.put([name, ...key], encodeJson(value));
      },
      remove: (key) => {
        requireTransaction();
        void root.remove([name, ...key]);
      },
      clear: () => {
        requireTransaction();
        for (const key of Array.from(root.getKeys(rangeOf([])))) void root.remove(key);
      },
    };
  };
  return { table, write, [Symbol.asyncDispose]: async () => await root.close() };
}

// Sorts after every string and number as the next part of a key.
const HIGHEST = Buffer.from([0xff]) as unknown as string;
