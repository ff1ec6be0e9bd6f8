import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '../../src/lib/runtime/project-root.ts';

/** How a run of buf ended. */
export type BufRun = { readonly code: number | null; readonly stdout: Buffer; readonly output: string };

/** Runs buf of this project's node_modules and waits for it. */
export function runBuf(args: readonly string[], cwd: string = projectPath()): BufRun {
  const run = spawnSync(process.execPath, [projectPath('node_modules', '.bin', 'buf'), ...args], {
    cwd,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.error !== undefined) throw run.error;
  return { code: run.status, stdout: run.stdout, output: `${run.stdout.toString()}${run.stderr.toString()}` };
}

/** A folder of a test's own; disposing it removes it. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'mercato-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
