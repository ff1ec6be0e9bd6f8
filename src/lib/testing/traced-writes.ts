import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/** What a process did to one file, and what it printed. */
export type DiskEvent =
  /** `isSynced`: the file was opened with O_DSYNC, so that the bytes are on disk when the call returns. */
  | { readonly type: 'write'; readonly offset: number; readonly bytes: Buffer; readonly isSynced: boolean }
  /** Everything that was written before is on disk. */
  | { readonly type: 'sync' }
  | { readonly type: 'output'; readonly text: string };

const CALLS = 'openat,lseek,pwrite64,pwritev,write,writev,fsync,fdatasync,ftruncate';

/**
 * Runs a program of Node under strace, and returns the system calls that concern a file, in the order of their completion.
 *
 * @throws {Error} when the program fails, or uses a call that is not understood
 */
export function traceWrites(script: string, args: readonly string[], path: string): DiskEvent[] {
  using folder = temporaryFolder();
  const log = join(folder.path, 'strace');
  const strace = ['-f', '-y', '-qq', '-xx', '-s', '1000000', '-o', log, '-e', `trace=${CALLS}`];
  execFileSync('strace', [...strace, process.execPath, '-e', script, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  return eventsOf(completeLines(readFileSync(log, 'latin1')), path);
}

type Call = { readonly name: string; readonly args: string; readonly result: number };

/** One line per call: strace splits a call that another thread interrupts. */
function completeLines(log: string): Call[] {
  const begun = new Map<string, string>();
  return log.split('\n').flatMap((line) => {
    const [, pid = '', text = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (text.endsWith('<unfinished ...>')) {
      begun.set(pid, text.slice(0, -'<unfinished ...>'.length));
      return [];
    }
    const whole = text.replace(/^<\.\.\. \w+ resumed>/, () => begun.get(pid) ?? '');
    const [, name = '', args = '', result = ''] = /^(\w+)\((.*)\) += (-?\d+|0x[0-9a-f]+)/.exec(whole) ?? [];
    return name === '' ? [] : [{ name, args, result: Number(result) }];
  });
}

function eventsOf(calls: readonly Call[], path: string): DiskEvent[] {
  const synced = new Map<number, boolean>();
  const positions = new Map<number, number>();

  const ofFile = ({ name, args, result }: Call, file: number): DiskEvent[] => {
    const write = (offset: number): DiskEvent[] => [
      { type: 'write', offset, bytes: Buffer.concat(stringsIn(args)), isSynced: synced.get(file) === true },
    ];
    const position = positions.get(file) ?? 0;
    switch (name) {
      case 'fsync':
      case 'fdatasync':
        return [{ type: 'sync' }];
      case 'lseek':
        positions.set(file, result);
        return [];
      case 'pwrite64':
        return write(Number(/(\d+)$/.exec(args)?.[1]));
      case 'write':
      case 'writev':
        positions.set(file, position + result);
        return write(position);
      default:
        throw new Error(`${name} of the traced file is not understood`);
    }
  };

  return calls.flatMap((call): DiskEvent[] => {
    const { name, args, result } = call;
    const [, fd = '', target = ''] = /^(\d+)<([^>]*)>/.exec(args) ?? [];
    if (name === 'openat' && stringsIn(args)[0]?.toString() === path) synced.set(result, /O_D?SYNC/.test(args));
    if (name === 'write' && fd === '1') return [{ type: 'output', text: Buffer.concat(stringsIn(args)).toString() }];
    return decode(target) === path ? ofFile(call, Number(fd)) : [];
  });
}

/** The quoted strings of a call, which strace prints in hexadecimal. */
function stringsIn(args: string): Buffer[] {
  return [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, text = '']) =>
    Buffer.from(text.replaceAll('\\x', ''), 'hex'),
  );
}

function decode(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
