import { basename } from 'node:path';
import { parse } from 'yaml';
import { pathsBelow, readSource } from '../architecture/source-files.ts';
import { type KubernetesObject, objectsIn } from './kubernetes-objects.ts';
import { MESH } from './mesh.ts';

/** The folder of the lessons' manifests. */
export const LESSONS = `${MESH}/lessons`;
/** The folder of the lessons' pages. */
export const PAGES = 'docs/lessons';

/** One check of a lesson: expected output or exit code of a command. */
export type Check = {
  readonly command: string;
  readonly contains?: string;
  readonly matches?: string;
  readonly status?: number;
};

/** The front matter of a page, for the script. */
export type FrontMatter = {
  readonly title: string;
  readonly apply: readonly string[];
  readonly do: readonly string[];
  readonly expect: readonly Check[];
  readonly undo: readonly string[];
};

/** One lesson. */
export type Lesson = FrontMatter & {
  readonly name: string;
  /** The page without its front matter. */
  readonly text: string;
};

/** Names of the lessons, from the manifests. */
export function lessonNames(): string[] {
  return pathsBelow(LESSONS)
    .filter((path) => /^\d\d-[a-z-]+\.yaml$/.test(basename(path)))
    .map((path) => basename(path, '.yaml'));
}

/** Names of the lessons, from the pages. */
export function pageNames(): string[] {
  return pathsBelow(PAGES)
    .map((path) => basename(path, '.md'))
    .filter((name) => name !== 'README' && name !== 'generations');
}

/**
 * One lesson.
 *
 * @throws {Error} when its page has no front matter
 */
export function lessonOf(name: string): Lesson {
  const found = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(readSource(`${PAGES}/${name}.md`).text);
  if (found === null) throw new Error(`${name} has no front matter`);
  const [, head = '', text = ''] = found;
  return { ...(parse(head) as FrontMatter), name, text };
}

/** Every lesson, in its order. */
export function lessons(): Lesson[] {
  return lessonNames().map(lessonOf);
}

/** The commands of a lesson in the order in which they are run. */
export function commandsOf({ apply, do: steps, expect, undo }: FrontMatter): string[] {
  return [...apply, ...steps, ...expect.map(({ command }) => command), ...undo];
}

/** Paths of the files of `kubectl VERB` commands. */
export function filesOf(commands: readonly string[], verb: string): string[] {
  return commands
    .filter((command) => command.startsWith(`kubectl ${verb} `))
    .flatMap((command) => [...command.matchAll(/ -f (\S+)/g)].map(([, path = '']) => path));
}

/** The objects that a lesson applies, in order. */
export function appliedBy({ apply }: FrontMatter): KubernetesObject[] {
  return apply.flatMap(appliedByCommand);
}

/** What one command applies: the objects of its files, or those that its label selector (`-l label=value`) selects. */
export function appliedByCommand(command: string): KubernetesObject[] {
  const [, label, value] = / -l (\S+)=(\S+)/.exec(command) ?? [];
  const objects = objectsIn(filesOf([command], 'apply'));
  return label === undefined ? objects : objects.filter(({ metadata }) => metadata.labels?.[label] === value);
}

/** The objects in the namespace before and after one command of a lesson. */
type Step = { readonly command: string; readonly before: KubernetesObject[]; readonly after: KubernetesObject[] };

/**
 * The states that a lesson and its undo lead through, command by command.
 *
 * @param below what is in the namespace before
 */
export function stepsOf({ apply, undo }: FrontMatter, below: readonly KubernetesObject[]): Step[] {
  const steps: Step[] = [];
  let before = [...below];
  for (const command of [...apply, ...undo]) {
    const removed = new Set(objectsIn(filesOf([command], 'delete')).map(idOf));
    const after = over(before, appliedByCommand(command)).filter((object) => !removed.has(idOf(object)));
    steps.push({ command, before, after });
    before = after;
  }
  return steps;
}

/** The identity of an object within the namespace. */
export function idOf({ kind, metadata }: KubernetesObject): string {
  return `${kind.toLowerCase()}/${metadata.name}`;
}

/** The objects after applying `above` over `below`: an object with the same identity replaces the earlier one. */
export function over(below: readonly KubernetesObject[], above: readonly KubernetesObject[]): KubernetesObject[] {
  return [...new Map([...below, ...above].map((object) => [idOf(object), object])).values()];
}

type Patch = { readonly id: string; readonly path: string; readonly value: unknown };

/**
 * The patches in the commands of a lesson; one entry per value.
 *
 * @throws {Error} for a patch that does not replace a value
 */
export function patchesOf(commands: readonly string[]): Patch[][] {
  return commands.flatMap((command) => {
    const [, kind, name, text] = /^kubectl patch (\S+) (\S+) --type=json --patch='(.*)'$/.exec(command) ?? [];
    if (text === undefined) return [];
    const operations = parse(text) as readonly {
      readonly op: string;
      readonly path: string;
      readonly value: unknown;
    }[];
    return [
      operations.map(({ op, path, value }) => {
        if (op !== 'replace') throw new Error(`${command}: ${op}`);
        return { id: `${kind}/${name}`, path, value };
      }),
    ];
  });
}

/**
 * Objects with the values of a patch.
 *
 * @throws {Error} when a patched path does not exist
 */
export function patched(objects: readonly KubernetesObject[], patches: readonly Patch[]): KubernetesObject[] {
  const copy = copyOf([...objects]);
  for (const { id, path, value } of patches) {
    const keys = path.split('/').slice(1);
    const last = keys.pop() ?? '';
    const start = copy.find((object) => idOf(object) === id) as Tree | undefined;
    const place = keys.reduce<Tree | undefined>((tree, key) => tree?.[key] as Tree | undefined, start);
    if (place === undefined || !(last in place)) throw new Error(`${id} has no ${path}`);
    place[last] = value;
  }
  return copy;
}

type Tree = Record<string, unknown>;

/** A deep copy of YAML data. A structuredClone would not be strictly equal, because jest's objects have other prototypes. */
export function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** The states of the namespace after a lesson was applied, and after each of its patches. */
export function statesOf(lesson: Lesson, below: readonly KubernetesObject[]): KubernetesObject[][] {
  const states = [over(below, appliedBy(lesson))];
  for (const patches of patchesOf(commandsOf(lesson))) states.push(patched(states.at(-1) ?? [], patches));
  return states;
}
