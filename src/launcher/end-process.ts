import type { ChildProcess } from 'node:child_process';

/** A started process; `closed` resolves when it has exited and its output has been read completely. */
export type StartedProcess = { readonly child: ChildProcess; readonly closed: Promise<unknown> };

export function startedProcess(child: ChildProcess): StartedProcess {
  return { child, closed: new Promise((resolve) => child.once('close', resolve)) };
}

/** Ends a process with SIGTERM, and with SIGKILL after the limit. Resolves when its output has been read completely. */
export async function endProcess({ child, closed }: StartedProcess, limitMs: number): Promise<void> {
  const kill = setTimeout(() => child.kill('SIGKILL'), limitMs);
  child.kill('SIGTERM');
  await closed;
  clearTimeout(kill);
}
