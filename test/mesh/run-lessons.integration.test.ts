import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';

const APPLIED = 'apply -f istio-manifests/lessons/05-fault-abort.yaml';
const UNDONE = 'apply -f istio-manifests/services/adservice.yaml';

/**
 * Takes lessons where kubectl writes down what it is told.
 *
 * @param answer what it does then, in shell
 */
async function startLessons(names: readonly string[], answer: string) {
  const folder = await mkdtemp(join(tmpdir(), 'mercato-kubectl-'));
  const [kubectl, told] = [join(folder, 'kubectl'), join(folder, 'told')];
  await writeFile(kubectl, `#!/bin/sh\necho "$*" >>'${told}'\n${answer}\n`);
  await chmod(kubectl, 0o755);
  const child = spawn(process.execPath, [projectPath('scripts/mesh/run-lessons.js'), ...names], {
    env: { PATH: `${folder}:/usr/bin:/bin` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const closed = once(child, 'close');
  return {
    said: () => said,
    told: async () => (existsSync(told) ? (await readFile(told, 'utf8')).split('\n').slice(0, -1) : []),
    signal: (name: NodeJS.Signals) => child.kill(name),
    ended: async () => (await closed)[0] as number | null,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await closed;
      await rm(folder, { recursive: true });
    },
  };
}

describe('the lessons', () => {
  it('go on after one that can be neither applied nor undone, and say both of it', async () => {
    await using run = await startLessons(['05', '06'], 'test "$1" = wait');
    expect(await run.ended()).toBe(1);
    expect(run.said().match(/^NOT SEEN \S+/gm)).toEqual(['NOT SEEN 05-fault-abort.md', 'NOT SEEN 06-retry.md']);
    expect(run.said()).toContain(`kubectl ${APPLIED}\n    ended with 1`);
    expect(run.said()).toContain(`kubectl ${UNDONE}\n    ended with 1`);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('undo the one under way at %s, and take no other', async (signal) => {
    await using run = await startLessons(['05', '06'], '');
    await eventually('it waits for what is promised', async () =>
      (await run.told()).some((line) => line.startsWith('exec ')),
    );
    run.signal(signal);
    expect(await run.ended()).toBe(130);
    const told = (await run.told()).filter((line) => line.startsWith('apply '));
    expect(told).toEqual([APPLIED, UNDONE]);
    expect(run.said()).toMatch(/^NOT SEEN 05-fault-abort\.md.*\n {2}interrupted\n$/);
  });
});
