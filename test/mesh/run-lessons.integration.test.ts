import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';

const APPLIED = 'apply -f istio-manifests/lessons/05-fault-abort.yaml';
const UNDONE = 'apply -f istio-manifests/services/adservice.yaml';

/**
 * Runs lessons with a `kubectl` that records its arguments, the first line of them.
 *
 * @param script what the recorded `kubectl` does then, in shell
 */
async function startLessons(names: readonly string[], script: string) {
  const folder = await mkdtemp(join(tmpdir(), 'mercato-kubectl-'));
  const [kubectl, recorded] = [join(folder, 'kubectl'), join(folder, 'recorded')];
  await writeFile(kubectl, `#!/bin/sh\necho "$*" | head -n 1 >>'${recorded}'\n${script}\n`);
  await chmod(kubectl, 0o755);
  const child = spawn(
    process.execPath,
    [projectPath('scripts/mesh/run-lessons.js'), '--propagation-ms', '0', ...names],
    {
      env: { PATH: `${folder}:/usr/bin:/bin` },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const closed = once(child, 'close');
  return {
    output: () => output,
    recorded: async () => (existsSync(recorded) ? (await readFile(recorded, 'utf8')).split('\n').slice(0, -1) : []),
    signal: (name: NodeJS.Signals) => child.kill(name),
    ended: async () => (await closed)[0] as number | null,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await closed;
      await rm(folder, { recursive: true });
    },
  };
}

describe('make lessons', () => {
  it('continues after a lesson that can be neither applied nor undone, and reports both failures', async () => {
    await using run = await startLessons(['05', '06'], 'test "$1" = wait');
    expect(await run.ended()).toBe(1);
    expect(run.output().match(/^FAILED \S+/gm)).toEqual(['FAILED 05-fault-abort.md', 'FAILED 06-retry.md']);
    expect(run.output()).toContain(`kubectl ${APPLIED}\n    ended with 1`);
    expect(run.output()).toContain(`kubectl ${UNDONE}\n    ended with 1`);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('undoes the current lesson at %s, and starts no other', async (signal) => {
    await using run = await startLessons(['05', '06'], '');
    await eventually('a check of the lesson is tried', async () =>
      (await run.recorded()).some((line) => line.startsWith('exec ') && !line.includes(' -e ')),
    );
    run.signal(signal);
    expect(await run.ended()).toBe(130);
    const applied = (await run.recorded()).filter((line) => line.startsWith('apply '));
    expect(applied).toEqual([APPLIED, UNDONE]);
    expect(run.output()).toMatch(/^FAILED 05-fault-abort\.md.*\n.*\n {2}interrupted\n$/);
  });

  it('reports how many pages failed while a lesson was applied and undone', async () => {
    const counting = `case "$*" in *' -e '*) echo started; cat >/dev/null; echo '2 of 90 pages failed';; esac`;
    await using run = await startLessons(['05'], `${counting}\necho '10 status 200, 0 with class="ad"'`);
    expect(await run.ended()).toBe(0);
    expect(run.output()).toMatch(/^passed 05-fault-abort\.md/);
    expect(run.output()).toContain('applied: 2 of 90 pages failed; undone: 2 of 90 pages failed');
  });
});

describe('the page counter of the lessons', () => {
  it('counts pages that are not 200 until its input ends', async () => {
    let pages = 0;
    const server = createServer((_request, response) => {
      pages += 1;
      response.writeHead(pages === 2 ? 503 : 200).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const script = await readFile(projectPath('scripts/mesh/count-pages.js'), 'utf8');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const child = spawn(process.execPath, ['-e', script, url], { stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    await eventually('four pages were requested', () => pages >= 4);
    child.stdin.end();
    await once(child, 'close');
    server.closeAllConnections();
    server.close();
    expect(output).toBe(`started\n1 of ${pages} pages failed\n`);
  });
});
