import { existsSync } from 'node:fs';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { headings } from './markdown.ts';
import { pathsBelow, readSource } from './source-files.ts';

const FOLDER = 'docs/learn';
const INDEX = `${FOLDER}/README.md`;
const pages = pathsBelow(FOLDER).filter((path) => path !== INDEX);

/** The paths of the project that the commands of a page name. */
function pathsInCommands(text: string): string[] {
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '');
  return blocks.flatMap(
    (block) => block.match(/\b(?:src|test|scripts|istio-manifests|kubernetes-manifests)\/[\w./-]+/g) ?? [],
  );
}

describe('the learning path', () => {
  it.each(pages)('has a status, code, a command, a result and a question on every page: %s', (path) => {
    const { text } = readSource(path);
    expect(text).toMatch(/^\*\*Status:\*\* /m);
    expect(headings(text)).toEqual(['In this code base', 'Try it', 'What to see', 'Question']);
  });

  it.each(pages)('names only files that exist in its commands: %s', (path) => {
    const named = pathsInCommands(readSource(path).text);
    // A path given to jest is a prefix of test files.
    const exists = (name: string): boolean =>
      existsSync(projectPath(name)) ||
      pathsBelow(name.slice(0, name.lastIndexOf('/'))).some((file) => file.startsWith(name));
    expect(named.filter((name) => !exists(name))).toEqual([]);
  });

  it('lists every page in its index', () => {
    const listed = [...readSource(INDEX).text.matchAll(/\]\((\d\d-[a-z-]+\.md)\)/g)].map((match) => match[1]);
    expect([...new Set(listed)].map((page) => `${FOLDER}/${page}`).sort()).toEqual(pages);
  });
});
