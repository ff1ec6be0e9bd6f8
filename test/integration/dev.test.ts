import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment } from '../../src/lib/config/config.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { childrenOf, isAlive } from '../../src/lib/testing/processes.ts';

const COPIED = ['src', 'dist', 'protos', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];

describe('make dev', () => {
  it('opens the shop again when a file changes, and leaves nothing behind on Ctrl-C', async () => {
    const project = mkdtempSync(join(tmpdir(), 'mercato-dev-'));
    for (const name of COPIED) cpSync(projectPath(name), join(project, name), { recursive: true });
    symlinkSync(projectPath('node_modules'), join(project, 'node_modules'));
    const { PATH = '' } = environment();
    const dev = spawn(process.execPath, [join(project, 'dist', 'launcher', 'dev.js')], {
      cwd: project,
      env: { PATH, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    dev.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    const openings = (): string[] => [...output.matchAll(/Open {3}(http:\S+)/g)].map(([, url]) => url ?? '');
    try {
      await eventually('the shop is open', () => openings().length === 1, 30_000);
      appendFileSync(
        join(project, 'src', 'frontend', 'visit.ts'),
        '\n/** A change. */\nexport const CHANGED = true;\n',
      );
      await eventually('the shop is open again', () => openings().length === 2, 30_000);
      expect((await fetch(openings()[1] ?? '')).status).toBe(200);
      const children = childrenOf(dev.pid ?? 0);
      expect(children).toHaveLength(2);
      const exited = once(dev, 'exit');
      dev.kill('SIGINT');
      expect((await exited)[0]).toBe(0);
      expect(children.filter(({ pid }) => isAlive(pid))).toEqual([]);
    } finally {
      if (dev.exitCode === null) dev.kill('SIGINT');
      rmSync(project, { recursive: true, force: true });
    }
  });
});
