import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectPath } from '../runtime/project-root.ts';
import { eventually } from './eventually.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A part of the project, compiled as for production into a temporary folder. */
export type Compiled = AsyncDisposable & {
  /** Absolute path of the JavaScript of a source file, given by its path below `src`. */
  readonly script: (sourceFile: string) => string;
};

/** Compiles a source file, given by its path below `src`, and all it imports. */
export async function compile(sourceFile: string): Promise<Compiled> {
  const root = await mkdtemp(join(tmpdir(), 'mercato-'));
  for (const name of ['node_modules', 'package.json', 'protos']) await symlink(projectPath(name), join(root, name));
  const config = {
    extends: projectPath('tsconfig.build.json'),
    compilerOptions: { rootDir: projectPath('src'), outDir: join(root, 'dist') },
    include: [],
    files: [projectPath('src', sourceFile)],
  };
  await writeFile(join(root, 'tsconfig.json'), JSON.stringify(config));
  await promisify(execFile)(process.execPath, [projectPath('node_modules/typescript/bin/tsc'), '--project', root]);
  return {
    script: (file) => join(root, 'dist', file.replace(/\.tsx?$/, '.js')),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

/** A Node process; disposing it kills it. */
export type Child = AsyncDisposable & {
  readonly stderr: () => string;
  /** The lines of its log so far. */
  readonly logs: () => Record<string, unknown>[];
  /** Waits for a line with this message and returns it. */
  readonly logged: (message: string) => Promise<Record<string, unknown>>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Waits for the exit; returns the exit code or the signal that ended the process. */
  readonly ended: () => Promise<number | NodeJS.Signals | null>;
};

/**
 * Runs a script with these environment variables and no others; by default without traces, with metrics on a free port, and
 * with data in a temporary folder.
 */
export function runNode(script: string, env: Record<string, string>): Child {
  const folder = temporaryFolder();
  const child = spawn(process.execPath, [script], {
    env: { TRACES_EXPORTER: 'none', METRICS_PORT: '0', DATA_DIR: folder.path, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const closed = once(child, 'close');
  const logs = () =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const ended = async (): Promise<number | NodeJS.Signals | null> => {
    await closed;
    return child.exitCode ?? child.signalCode;
  };
  return {
    stderr: () => stderr,
    logs,
    logged: async (message) => {
      const found = () => logs().find(({ msg }) => msg === message);
      await eventually(`the process says "${message}"; it said: ${stdout}${stderr}`, () => found() !== undefined);
      return found() ?? {};
    },
    signal: (name) => void child.kill(name),
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended();
      folder[Symbol.dispose]();
    },
  };
}
