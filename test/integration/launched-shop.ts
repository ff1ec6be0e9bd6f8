import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '../../src/lib/config/config.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { childrenOf } from '../../src/lib/testing/processes.ts';
import { temporaryFolder } from '../../src/lib/testing/temporary-folder.ts';
import type { ServiceName } from '../../src/topology.ts';
import { LONG_BUDGETS } from './long-budgets.ts';

/** A launcher in a separate process, as `make run` starts it. */
export type LaunchedShop = AsyncDisposable & {
  readonly process: ChildProcess;
  /** The folder of the mails, one `.eml` file each. */
  readonly mailDirectory: string;
  /** URL of the storefront; empty until the shop is open. */
  readonly url: () => string;
  /** URL of the console; empty until the shop is open. */
  readonly consoleUrl: () => string;
  /** URLs of the metrics of a service, from the rows of the printed table. */
  readonly metricsUrls: (service: string) => string[];
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the exit code, or the signal that ended the process. */
  readonly exited: Promise<number | string>;
};

/**
 * Starts the compiled launcher, without a console unless the environment names its port. Returns before the shop is open.
 *
 * @param root the folder of the project
 */
export function launch(env: Record<string, string>, root = projectPath()): LaunchedShop {
  const folder = temporaryFolder();
  const mailDirectory = join(folder.path, 'mail');
  mkdirSync(mailDirectory);
  const { PATH = '' } = environment();
  const child = spawn(process.execPath, [join(root, 'dist', 'launcher', 'main.js')], {
    env: {
      PATH,
      DATA_DIR: join(folder.path, 'data'),
      MAIL_DIR: mailDirectory,
      PORT: '0',
      CONSOLE_PORT: 'off',
      ...LONG_BUDGETS,
      ...env,
    },
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
  const exited = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  return {
    process: child,
    mailDirectory,
    url: () => /Open {3}(http:\S+)\//.exec(stdout)?.[1] ?? '',
    consoleUrl: () => /Watch {2}(http:\S+)\//.exec(stdout)?.[1] ?? '',
    metricsUrls: (service) =>
      [...stdout.matchAll(new RegExp(`^  ${service} +\\S+ +(127\\.0\\.0\\.1:\\d+) `, 'gm'))].map(
        ([, address]) => `http://${address}/metrics`,
      ),
    stdout: () => stdout,
    stderr: () => stderr,
    exited,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      await exited;
      folder[Symbol.dispose]();
    },
  };
}

/**
 * Starts the launcher and waits until the shop is open.
 *
 * @throws {Error} when the launcher exits before that
 */
export async function launchOpen(env: Record<string, string>, root = projectPath()): Promise<LaunchedShop> {
  const shop = launch(env, root);
  await eventually('the shop is open', () => {
    if (shop.process.exitCode !== null) throw new Error(`the launcher ended: ${shop.stderr()}`);
    return shop.url() !== '';
  });
  return shop;
}

/** A process that runs one service of a shop. */
export type ServiceProcess = { readonly pid: number; readonly service: string };

/** The processes of a shop that run one service each, as they are now. */
export function serviceProcesses(shop: LaunchedShop): ServiceProcess[] {
  const { pid } = shop.process;
  if (pid === undefined) throw new Error('the launcher has no process');
  return childrenOf(pid).map(({ pid: child, command }) => ({ pid: child, service: command.split(' ').at(-1) ?? '' }));
}

/**
 * The first process of a service.
 *
 * @throws {Error} when the service has no separate process
 */
export function processOf(shop: LaunchedShop, service: ServiceName): ServiceProcess {
  const found = serviceProcesses(shop).find((one) => one.service === service);
  if (found === undefined) throw new Error(`no process of ${service}`);
  return found;
}

/** The log lines in the output of a shop. */
export function logLines(stdout: string): Record<string, unknown>[] {
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
