import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

// Layout of a meta page: `MDB_meta` in lmdb.h, after the page header. An environment starts with two of them.
const MAGIC = 0xbeefc0de;
const MAGIC_AT = 24;
const PAGE_SIZE_AT = 48;
const LAST_PAGE_AT = 144;
const TRANSACTION_AT = 152;
const META_BYTES = 160;

/**
 * Says what is wrong with an LMDB data file; `undefined` when it can be opened, or does not exist. LMDB itself ends the
 * process with SIGSEGV or SIGBUS on such a file. Other processes may write to the file meanwhile, but not create it.
 */
export function lmdbFileProblem(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const file = openSync(path, 'r');
  try {
    if (fstatSync(file).size === 0) return undefined;
    const first = readMeta(file, 0);
    const second = first === undefined ? undefined : readMeta(file, first.pageSize);
    if (first === undefined || second === undefined) return 'it is not an LMDB file, or its first pages are damaged';
    const { lastPage, pageSize } = first.transaction >= second.transaction ? first : second;
    const needed = (lastPage + 1n) * BigInt(pageSize);
    // After the meta pages: LMDB makes the file longer before it writes a meta page that needs the length.
    const { size } = fstatSync(file);
    return BigInt(size) < needed ? `it is cut off: ${size} of at least ${needed} bytes` : undefined;
  } finally {
    closeSync(file);
  }
}

function readMeta(file: number, position: number) {
  const page = Buffer.alloc(META_BYTES);
  if (readSync(file, page, 0, META_BYTES, position) < META_BYTES || page.readUInt32LE(MAGIC_AT) !== MAGIC)
    return undefined;
  return {
    pageSize: page.readUInt32LE(PAGE_SIZE_AT),
    lastPage: page.readBigUInt64LE(LAST_PAGE_AT),
    transaction: page.readBigUInt64LE(TRANSACTION_AT),
  };
}
