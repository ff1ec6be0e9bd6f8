import type { ChildProcess } from 'node:child_process';

/** A process that was started, and its end: once it is gone, and all that it wrote has been read. */
export type StartedProcess = { readonly child: ChildProcess; readonly closed: Promise<unknown> };

/** Follows a process from its start. */
export function startedProcess(child: ChildProcess): StartedProcess {
  return { child, closed: new Promise((resolve) => child.once('close', resolve)) };
}

/** Ends a process with SIGTERM, and with SIGKILL past the limit. Its last lines have been read when this answers. */
export async function endProcess({ child, closed }: StartedProcess, limitMs: number): Promise<void> {
  const kill = setTimeout(() => child.kill('SIGKILL'), limitMs);
  child.kill('SIGTERM');
  await closed;
  clearTimeout(kill);
}
