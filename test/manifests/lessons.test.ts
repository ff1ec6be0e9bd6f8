import { existsSync } from 'node:fs';
import { rpcKinds } from '../../src/contract.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { serviceNames, topology } from '../../src/topology.ts';
import { headings } from '../architecture/markdown.ts';
import { readSource } from '../architecture/source-files.ts';
import { baseObjects } from './base.ts';
import { type KubernetesObject, objectsIn, workloadsOf } from './kubernetes-objects.ts';
import {
  appliedBy,
  appliedByCommand,
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
/** The list at the head of every page, and the sections after it. */
const SUMMARY = ['Goal', 'Time', 'Prerequisites', 'Configuration'];
const SECTIONS = ['Apply', 'See', 'Why', 'Undo', 'Question'];
const COMMAND = /^(?:kubectl|sh scripts\/mesh\/(?:get-pages|call-rpc)\.sh) \S|^sleep 5$/;

const base: readonly KubernetesObject[] = [...baseObjects(), ...meshObjects()];
const baseIds = new Set(base.map(idOf));
const all = lessons().map((lesson): [string, Lesson] => [lesson.name, lesson]);

type Place = { readonly deployment: string; readonly container: string | undefined };

/** The Deployment that a command names, and its container. */
function placeOf(command: string): Place | undefined {
  const [, runsIn] = /^sh \S+ (\S+)/.exec(command) ?? [];
  if (runsIn !== undefined) return { deployment: runsIn, container: runsIn };
  const [, deployment, container] = / deployment\/(\S+)(?: -c (\S+))?/.exec(command) ?? [];
  return deployment === undefined ? undefined : { deployment, container };
}

/** The lines of a page's `sh` blocks; each line is one command. */
function commandsShownIn(text: string): string[] {
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => block.trim().split('\n'));
}

describe('the lessons', () => {
  it('each lesson has a file to apply, a page, and a row in the README', () => {
    expect(lessonNames()).not.toEqual([]);
    expect(pageNames()).toEqual(lessonNames());
    const rows = [
      ...readSource(`${PAGES}/README.md`).text.matchAll(/^\| \[(\d\d)\]\((\S+)\.md\) \| (.*?) \| .+ \|$/gm),
    ];
    expect(rows.map(([, number, name, title]) => `${number} ${name} ${title}`)).toEqual(
      all.map(([name, { title }]) => `${name.slice(0, 2)} ${name} ${title}`),
    );
  });

  it('the README documents every field and every kind of check of the front matter', () => {
    const { text } = readSource(`${PAGES}/README.md`);
    expect([...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, field]) => field)).toEqual(FIELDS);
    expect(CHECKS.filter((check) => !text.includes(`\`${check}\``))).toEqual([]);
  });
});

describe.each(all)('the page of %s', (name, lesson) => {
  const { title, apply, do: steps, expect: checks, undo, text } = lesson;

  it('the front matter has exactly the documented fields, and commands that the script can run', () => {
    const { name: _name, text: _text, ...head } = lesson;
    expect(Object.keys(head)).toEqual(FIELDS);
    for (const list of [apply, checks, undo]) expect(list).not.toEqual([]);
    for (const command of [...apply, ...steps, ...undo]) expect(command).toMatch(COMMAND);
  });

  it.each(checks)('every check compares one value, and can fail: $command', (check) => {
    const { command, ...rest } = check;
    const [[kind, wanted] = ['', undefined], ...more] = Object.entries(rest);
    expect(more).toEqual([]);
    expect(CHECKS).toContain(kind);
    expect(typeof wanted).toBe(kind === 'status' ? 'number' : 'string');
    expect(command).toMatch(COMMAND);
    // A pattern that matches empty output would always hold.
    if (kind === 'matches') expect(new RegExp(String(wanted)).test('')).toBe(false);
    else expect(wanted).not.toBe('');
    // The script does not trim the output, which ends with a newline: `$` at the end would never match it.
    if (kind === 'matches') expect(wanted).not.toMatch(/\$$/);
    // An exit code alone is enough for a change, not for an observation.
    expect(kind === 'status').toBe(command.startsWith('kubectl patch '));
  });

  it('the page shows every command of the front matter in the order in which the script runs them', () => {
    expect(commandsShownIn(text)).toEqual(commandsOf(lesson));
  });

  it('the page has the title of its front matter and the sections of every lesson', () => {
    expect(text.startsWith(`\n# ${name.slice(0, 2)} ${title}\n\n- **Goal:** `)).toBe(true);
    expect([...text.matchAll(/^- \*\*(\w+):\*\* \S/gm)].map(([, label]) => label)).toEqual(SUMMARY);
    expect(headings(text)).toEqual(SECTIONS);
  });
});

describe.each(all)('the commands of %s', (name, lesson) => {
  const commands = commandsOf(lesson);
  const present = [...base, ...appliedBy(lesson)];

  it('every named file exists, and the file of the lesson is among them', () => {
    const named = commands.flatMap((command) =>
      [...command.matchAll(/(?: -f|^sh) (\S+)/g)].map(([, path = '']) => path),
    );
    expect(named).toContain(`${LESSONS}/${name}.yaml`);
    expect(named.filter((path) => !existsSync(projectPath(path)))).toEqual([]);
  });

  it('every named Deployment exists and has the named container', () => {
    const workloads = workloadsOf(present);
    const unknown = commands.filter((command) => {
      const place = placeOf(command);
      if (place === undefined) return false;
      const { deployment, container } = place;
      const pod = workloads.find((workload) => workload.name === deployment)?.pod;
      const names = ['istio-proxy', ...(pod?.containers ?? []).map((one) => one.name)];
      return pod === undefined || (container !== undefined && !names.includes(container));
    });
    expect(unknown).toEqual([]);
  });

  it('every called RPC is in the topology, at that port', () => {
    const called = commands.flatMap((command) => [
      ...command.matchAll(/^sh scripts\/mesh\/call-rpc\.sh \S+ (\S+) (\S+)/g),
    ]);
    const known = serviceNames.flatMap((service) => {
      const { port, grpcService } = topology[service];
      return Object.keys(rpcKinds(service)).map((rpc) => `${service}:${port} ${grpcService}/${rpc}`);
    });
    expect(called.map(([, address, rpc]) => `${address} ${rpc}`).filter((rpc) => !known.includes(rpc))).toEqual([]);
  });

  it('the lesson waits for every Deployment right after the command that adds it', () => {
    const preparation = [...lesson.apply, ...lesson.do];
    const added = preparation.flatMap((command, index) =>
      appliedByCommand(command)
        .filter(({ kind }) => kind === 'Deployment')
        .map(({ metadata }) => ({ name: metadata.name, next: preparation[index + 1] })),
    );
    expect(added.map(({ next }) => next)).toEqual(
      added.map((pod) => `kubectl wait deployment/${pod.name} --for=condition=Available --timeout=120s`),
    );
  });

  it('the undo restores every replaced object and deletes every added object', () => {
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
