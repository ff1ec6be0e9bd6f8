import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '../../src/lib/config/config.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { childrenOf, isAlive } from '../../src/lib/testing/processes.ts';

const COPIED = ['src', 'dist', 'protos', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'tsconfig.dev.json'];

// Limits that only end a hang: the compiler runs three times on a machine that may be busy.
const COMPILE_LIMIT_MS = 240_000;

describe('make dev', () => {
  it(
    'prints type errors, restarts the shop once they are fixed, and leaves no process behind on Ctrl-C',
    async () => {
      // Not below /tmp: the compiler's watcher misses changes there on some systems.
      mkdirSync(projectPath('var'), { recursive: true });
      const project = mkdtempSync(projectPath('var', 'dev-'));
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
        await eventually('the shop is open', () => openings().length > 0, COMPILE_LIMIT_MS);
        const changed = join(project, 'src', 'topology.ts');
        const original = readFileSync(changed, 'utf8');
        writeFileSync(changed, `${original}\nexport const WRONG: number = 'text';\n`);
        await eventually(
          'the type error is printed',
          () => output.includes('shop was not restarted'),
          COMPILE_LIMIT_MS,
        );
        expect(output).toMatch(/topology\.ts.*error TS2322/);
        // The watcher may have reported the copying of the files as a change, and restarted the shop before the type error.
        const before = openings();
        expect((await fetch(before.at(-1) ?? '')).status).toBe(200);
        writeFileSync(changed, `${original}\nexport const CHANGED = true;\n`);
        await eventually('the shop is open again', () => openings().length > before.length, COMPILE_LIMIT_MS);
        expect((await fetch(openings().at(-1) ?? '')).status).toBe(200);
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
    },
    4 * COMPILE_LIMIT_MS,
  );
});
