import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import type { ServiceName } from '../../src/topology.ts';
import { readSource } from '../architecture/source-files.ts';

const { text } = readSource('Dockerfile');

/** Warnings of hadolint for the text of a Dockerfile; `scripts/install-manifest-tools.sh` installs it. */
function warningsFor(input: string): string {
  const { error, status, stdout, stderr } = spawnSync(projectPath('var/tools/hadolint'), ['--no-color', '-'], {
    input,
    encoding: 'utf8',
  });
  if (error !== undefined) throw new Error('hadolint cannot be run', { cause: error });
  if (status !== 0 && stdout === '') throw new Error(stderr);
  return stdout;
}

/** The instructions of the two stages that compile a service, with the service's name filled in. */
function compileStage(service: ServiceName): readonly string[] {
  const stages = ['compiler AS shared', 'shared AS code'].map((name) => {
    const [, stage] = new RegExp(`^FROM ${name}\n([\\s\\S]*?)^FROM`, 'm').exec(text.replace(/^#.*\n/gm, '')) ?? [];
    if (stage === undefined) throw new Error(`the Dockerfile has no stage "${name}"`);
    return stage;
  });
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a build argument of the Dockerfile
  return stages.join('').replace(/\\\n/g, ' ').replaceAll('${SERVICE}', service).trim().split('\n');
}

/** The project's paths that a pattern of a COPY instruction names: a path, or `*` in its last part. */
function pathsOf(pattern: string): string[] {
  if (!pattern.includes('*')) return [pattern];
  const ending = pattern.slice(pattern.indexOf('*') + 1);
  const folder = dirname(pattern);
  return readdirSync(projectPath(folder))
    .filter((name) => name.endsWith(ending) && !name.endsWith(`.test${ending}`))
    .map((name) => join(folder, name));
}

/** A folder with the files that the stage copies before it compiles, without those that `.dockerignore` excludes. */
function copied(stage: readonly string[]): { readonly folder: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'mercato-image-'));
  const isInImage = (path: string): boolean =>
    !/\.(?:test|testing|contract)\.tsx?$/.test(path) && !path.endsWith('/lib/testing');
  for (const instruction of stage.filter((line) => line.startsWith('COPY '))) {
    const words = instruction.split(' ').slice(1);
    const target = words.pop() ?? '';
    for (const path of words.flatMap(pathsOf)) {
      const to = join(folder, target, target.endsWith('/') ? (path.split('/').at(-1) ?? '') : '');
      mkdirSync(dirname(to), { recursive: true });
      cpSync(projectPath(path), to, { recursive: true, filter: isInImage });
    }
  }
  cpSync(projectPath('package.json'), join(folder, 'package.json'));
  symlinkSync(projectPath('node_modules'), join(folder, 'node_modules'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Runs the commands of the stage. */
function compile(
  folder: string,
  stage: readonly string[],
): { readonly status: number | null; readonly output: string } {
  const commands = stage.filter((line) => line.startsWith('RUN ')).map((line) => line.slice('RUN '.length));
  const { status, stdout, stderr } = spawnSync('sh', ['-ec', commands.join('\n')], { cwd: folder, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}

describe('the Dockerfile', () => {
  it('passes hadolint', () => {
    expect(warningsFor(text)).toBe('');
  });

  it('does not pass hadolint with a base image that has no digest', () => {
    expect(warningsFor(`${text}\nFROM debian\n`)).toContain('DL3006');
  });

  it.each(['frontend', 'loadgenerator'] as const)(
    'copies all that %s is compiled from',
    (service) => {
      const stage = compileStage(service);
      using context = copied(stage);
      expect(compile(context.folder, stage)).toEqual({ status: 0, output: '' });
      expect(readdirSync(join(context.folder, 'out/dist', service))).toContain('main.js');
    },
    180_000,
  );

  it('fails to build a service that has a type error', () => {
    const stage = compileStage('adservice');
    using context = copied(stage);
    appendFileSync(join(context.folder, 'src/adservice/ads.ts'), "\nexport const count: number = 'one';\n");
    const { status, output } = compile(context.folder, stage);
    expect(status).not.toBe(0);
    expect(output).toContain("Type 'string' is not assignable to type 'number'");
  }, 180_000);
});
