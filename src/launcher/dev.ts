import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectPath } from '../lib/runtime/project-root.ts';

const COMPILED = /Found (\d+) errors?\. Watching/;

/**
 * Compiles and type-checks on every change. Prints each error; restarts the shop only after a compilation without errors,
 * so that until then the last good version keeps running.
 */
function main(): void {
  // Compiler and shop get their own process groups: Ctrl-C reaches only this process, which ends them in order.
  const compiler = spawn(
    projectPath('node_modules', '.bin', 'tsc'),
    ['--project', 'tsconfig.dev.json', '--watch', '--preserveWatchOutput'],
    { cwd: projectPath(), detached: true, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let shop: ChildProcess | undefined;
  let turn = Promise.resolve();
  let stopping = false;

  const reopen = async (): Promise<void> => {
    await end(shop, 'SIGTERM');
    if (!stopping) shop = fork(join(__dirname, 'main.js'), { detached: true });
  };
  createInterface({ input: compiler.stdout }).on('line', (line) => {
    const errors = COMPILED.exec(line)?.[1];
    if (errors === '0') turn = turn.then(reopen);
    else if (errors !== undefined) process.stdout.write(`${errors} errors: the shop was not restarted\n`);
    else if (line.trim() !== '') process.stdout.write(`${line}\n`);
  });
  compiler.once('exit', (code) => {
    if (stopping) return;
    process.stderr.write(`the compiler ended with ${code}\n`);
    void stop(1);
  });
  const stop = async (exitCode: number): Promise<void> => {
    stopping = true;
    await turn;
    await end(shop, 'SIGTERM');
    await end(compiler, 'SIGKILL');
    process.exit(exitCode);
  };
  process.once('SIGINT', () => void stop(0));
  process.once('SIGTERM', () => void stop(0));
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

main();
