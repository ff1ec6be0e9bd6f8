import { existsSync } from 'node:fs';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { readSource } from '../architecture/source-files.ts';
import { baseObjects } from './base.ts';
import { type KubernetesObject, objectsIn, workloadsOf } from './kubernetes-objects.ts';
import {
  appliedBy,
  commandsOf,
  filesOf,
  idOf,
  LESSONS,
  type Lesson,
  lessonNames,
  lessons,
  PAGES,
  pageNames,
  patchesOf,
} from './lessons.ts';
import { meshObjects } from './mesh.ts';

const FIELDS = ['title', 'apply', 'do', 'expect', 'undo'];
const CHECKS = ['contains', 'matches', 'status'];

const base: readonly KubernetesObject[] = [...baseObjects(), ...meshObjects()];
const baseIds = new Set(base.map(idOf));
const all = lessons().map((lesson): [string, Lesson] => [lesson.name, lesson]);

/** The lines of a page's `sh` blocks; each line is one command. */
function commandsShownIn(text: string): string[] {
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => block.trim().split('\n'));
}

describe('the lessons', () => {
  it('have each a file to apply and a page, and are all in the list', () => {
    expect(lessonNames()).toHaveLength(16);
    expect(pageNames()).toEqual(lessonNames());
    const rows = [
      ...readSource(`${PAGES}/README.md`).text.matchAll(/^\| \[(\d\d)\]\((\S+)\.md\) \| (.*?) \| .+ \|$/gm),
    ];
    expect(rows.map(([, number, name, title]) => `${number} ${name} ${title}`)).toEqual(
      all.map(([name, { title }]) => `${name.slice(0, 2)} ${name} ${title}`),
    );
  });

  it('are told of field by field in the list', () => {
    const { text } = readSource(`${PAGES}/README.md`);
    expect([...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, field]) => field)).toEqual(FIELDS);
    expect(CHECKS.filter((check) => !text.includes(`\`${check}\``))).toEqual([]);
  });
});

describe.each(all)('the page of %s', (name, lesson) => {
  const { title, apply, do: steps, expect: checks, undo, text } = lesson;

  it('has what a script needs, and no other field', () => {
    const { name: _name, text: _text, ...head } = lesson;
    expect(Object.keys(head)).toEqual(FIELDS);
    for (const list of [apply, checks, undo]) expect(list).not.toEqual([]);
    for (const command of [...apply, ...steps, ...undo]) expect(command).toMatch(/^kubectl \S/);
  });

  it.each(checks)('checks one thing by each command: $command', (check) => {
    const { command, ...rest } = check;
    const [[kind, wanted] = ['', undefined], ...more] = Object.entries(rest);
    expect(more).toEqual([]);
    expect(CHECKS).toContain(kind);
    expect(typeof wanted).toBe(kind === 'status' ? 'number' : 'string');
    expect(command).toMatch(/^kubectl \S/);
    // A pattern that takes nothing for an answer would hold whatever happens.
    if (kind === 'matches') expect(new RegExp(String(wanted)).test('')).toBe(false);
    else expect(wanted).not.toBe('');
    // What a command says ends with a new line, and `$` is the end of all.
    if (kind === 'matches') expect(wanted).not.toMatch(/\$$/);
    // Who only asks wants to know more than that there is an answer.
    expect(kind === 'status').toBe(command.startsWith('kubectl patch '));
  });

  it('the page shows every command of the front matter in the order in which the script runs them', () => {
    expect(commandsShownIn(text)).toEqual(commandsOf(lesson));
  });

  it('has its title above, and says what is to be seen, why, and how to undo it, on one page', () => {
    expect(text.startsWith(`\n# ${name.slice(0, 2)} ${title}\n`)).toBe(true);
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([
      'What you will see',
      'Why',
      'Undo',
    ]);
    expect(text.split('\n').length).toBeLessThanOrEqual(50);
  });
});

describe.each(all)('the commands of %s', (name, lesson) => {
  const commands = commandsOf(lesson);
  const present = [...base, ...appliedBy(lesson)];

  it('name files that there are, its own first', () => {
    const named = commands.flatMap((command) => [...command.matchAll(/ (?:-f|<) (\S+)/g)].map(([, path = '']) => path));
    expect(named[0]).toBe(`${LESSONS}/${name}.yaml`);
    expect(named.filter((path) => !existsSync(projectPath(path)))).toEqual([]);
  });

  it('name Deployments that there are, and containers of theirs', () => {
    const workloads = workloadsOf(present);
    const strays = commands.filter((command) => {
      const [, deployment, container] = / deployment\/(\S+)(?: -c (\S+))?/.exec(command) ?? [];
      if (deployment === undefined) return false;
      const pod = workloads.find((workload) => workload.name === deployment)?.pod;
      const isThere = pod?.containers.some((one) => one.name === container) === true;
      return pod === undefined || (container !== undefined && container !== 'istio-proxy' && !isThere);
    });
    expect(strays).toEqual([]);
  });

  it('wait for the pods that they add', () => {
    const added = appliedBy(lesson).filter(({ kind }) => kind === 'Deployment');
    const waits = added.map(
      ({ metadata }) => `kubectl wait deployment/${metadata.name} --for=condition=Available --timeout=120s`,
    );
    expect(lesson.do.slice(0, waits.length)).toEqual(waits);
  });

  it('undo all of it: what was replaced comes back, what was added goes', () => {
    const touched = [
      ...appliedBy(lesson).map(idOf),
      ...patchesOf(commands)
        .flat()
        .map(({ id }) => id),
    ];
    const back = objectsIn(filesOf(lesson.undo, 'apply')).map(idOf);
    const gone = [
      ...objectsIn(filesOf(lesson.undo, 'delete')).map(idOf),
      ...lesson.undo.flatMap((command) => {
        const [, kind, one] = /^kubectl delete ([a-z]+) ([a-z-]+)$/.exec(command) ?? [];
        return kind === undefined ? [] : [`${kind}/${one}`];
      }),
    ];
    expect(touched.filter((id) => baseIds.has(id) && !back.includes(id))).toEqual([]);
    expect([...new Set(touched.filter((id) => !baseIds.has(id)))].sort()).toEqual(gone.sort());
    expect(back.filter((id) => !baseIds.has(id))).toEqual([]);
    expect(filesOf(lesson.undo, 'apply').filter((path) => path.startsWith(LESSONS))).toEqual([]);
  });
});
