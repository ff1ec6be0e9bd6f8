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

/** A service in its own process. The launcher restarts it at the same addresses when it dies. */
export type SupervisedProcess = {
  readonly name: Launchable;
  /** `host:port`. */
  readonly address: string;
  /** `host:port` of its metrics. */
  readonly metrics: string;
  /** Ends the process with SIGTERM, and with SIGKILL after the limit in milliseconds. Its output is read completely. */
  readonly stop: (limitMs: number) => Promise<void>;
};

export type SupervisedOptions = {
  readonly name: Launchable;
  readonly env: Environment;
  readonly log: Logger;
  /** Called with each log line of the process. */
  readonly takeLine: TakeLine;
};

// Ten processes share one laptop: a small young generation saves memory at little cost in time.
const SMALL_HEAP = ['--max-semi-space-size=2'];

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/**
 * Starts a service in its own process and resolves once the service listens.
 *
 * @throws {Error} when the process ends before that; it has then reported why, in its log or on stderr
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
      // The watcher of the process handles its exit.
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
  // Detached into its own process group: Ctrl-C reaches only the launcher, which stops the services in order.
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
