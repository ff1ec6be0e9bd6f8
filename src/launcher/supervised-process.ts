import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Environment } from '../lib/config/config.ts';
import type { Logger } from '../lib/log/logger.ts';
import type { StartedMessage } from './child.ts';
import { endProcess, type StartedProcess, startedProcess } from './end-process.ts';
import type { TakeLine } from './log-lines.ts';
import { takeLines } from './output-lines.ts';
import type { Launchable } from './services.ts';
import { supervisorLines } from './supervisor-lines.ts';

/** A service in a process of its own. It is started again when it dies, at the same addresses. */
export type SupervisedProcess = {
  readonly name: Launchable;
  /** `host:port`. */
  readonly address: string;
  /** `host:port` of its metrics. */
  readonly metrics: string;
  /** Ends it with SIGTERM, and with SIGKILL past the limit in milliseconds. Nothing it wrote is lost. */
  readonly stop: (limitMs: number) => Promise<void>;
};

/** How a process of one service is started and ended. */
export type SupervisedOptions = {
  readonly name: Launchable;
  readonly env: Environment;
  readonly log: Logger;
  /** Takes the lines that it logs. */
  readonly takeLine: TakeLine;
};

// Ten processes on one laptop: a small young generation costs each little and saves all of them a lot of memory.
const SMALL_HEAP = ['--max-semi-space-size=2'];

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/**
 * Starts a service in a process of its own, and answers once it answers.
 *
 * @throws {Error} when it ends before that; it has then said why, in its log or on stderr
 */
export async function startSupervised(options: SupervisedOptions): Promise<SupervisedProcess> {
  const { name, log } = options;
  let stopping = false;
  let pauseMs = FIRST_PAUSE_MS;
  let restart: NodeJS.Timeout | undefined;
  let current = spawnService(options, options.env);
  const { started: address, metrics } = await startedMessage(current, name);
  const again = { ...options.env, PORT: portOf(address), METRICS_PORT: portOf(metrics) };

  const watch = (watched: ChildProcess): void => {
    watched.once('close', (code, signal) => {
      if (stopping) return;
      log.write(supervisorLines.exited, { process: name, code, signal, restartInMs: pauseMs });
      restart = setTimeout(begin, pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    });
  };
  const begin = (): void => {
    current = spawnService(options, again);
    watch(current.child);
    startedMessage(current, name).then(
      () => {
        pauseMs = FIRST_PAUSE_MS;
        log.write(supervisorLines.restarted, { process: name, listening: address });
      },
      // Its end is seen, and answered, where the process is watched.
      () => {},
    );
  };
  watch(current.child);
  return {
    name,
    address,
    metrics,
    stop: async (limitMs) => {
      stopping = true;
      clearTimeout(restart);
      await endProcess(current, limitMs);
    },
  };
}

function spawnService(options: SupervisedOptions, env: Environment): StartedProcess {
  const { name, takeLine } = options;
  // Of its own group: Ctrl-C reaches the launcher alone, which stops the services in the right order.
  const child = fork(join(__dirname, 'child.js'), [name], {
    env: { ...env },
    detached: true,
    execArgv: SMALL_HEAP,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (child.stdout !== null) takeLines(child.stdout, takeLine);
  return startedProcess(child);
}

function portOf(address: string): string {
  return address.slice(address.lastIndexOf(':') + 1);
}

async function startedMessage({ child }: StartedProcess, name: string): Promise<StartedMessage> {
  return await new Promise((resolve, reject) => {
    child.once('message', (message: StartedMessage) => resolve(message));
    child.once('close', (code, signal) => reject(new Error(`${name} ended with ${signal ?? `code ${code}`}`)));
    child.once('error', reject);
  });
}
