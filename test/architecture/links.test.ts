import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { anchors, relativeLinks } from './markdown.ts';
import { pathsBelow, readSource } from './source-files.ts';

const ROOT_DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
const FOLDERS = ['docs', 'src', 'kubernetes-manifests', 'istio-manifests'];
const files = [...ROOT_DOCUMENTS, ...FOLDERS.flatMap(pathsBelow)];
const documents = files.filter((path) => path.endsWith('.md'));

/** True when the file of a link exists and, if the link names an anchor in a document, that document has the heading. */
function resolves(from: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? from : posix.join(posix.dirname(from), decodeURI(file));
  if (!existsSync(projectPath(target))) return false;
  return anchor === undefined || !target.endsWith('.md') || anchors(readSource(target).text).includes(anchor);
}

describe('the links of the documents', () => {
  it.each(documents)('lead to files and headings that exist: %s', (path) => {
    expect(relativeLinks(readSource(path).text).filter((link) => !resolves(path, link))).toEqual([]);
  });

  it('in manifests and source lead to documents that exist', () => {
    const broken = files
      .filter((path) => /\.(?:ya?ml|tsx?|js)$/.test(path))
      .flatMap((path) => {
        const named = readSource(path).text.match(/\bdocs\/[\w/-]+\.md\b/g) ?? [];
        return named.filter((name) => !existsSync(projectPath(name))).map((name) => `${path}: ${name}`);
      });
    expect(broken).toEqual([]);
  });
});

describe('relativeLinks', () => {
  it('finds links and images with a relative target and ignores absolute addresses and code', () => {
    const text = '[a](b.md) ![c](d.jpg "e") [f](https://g) `[h](i)`\n```sh\n[j](k)\n```\n[l](#m) [n](<o p.md>)';
    expect(relativeLinks(text)).toEqual(['b.md', 'd.jpg', '#m', 'o p.md']);
  });
});

describe('anchors', () => {
  it('are the headings in lower case with dashes, without punctuation, numbered when repeated', () => {
    expect(anchors('# A `b`: c\n## D e\n```\n# no\n```\n## D e')).toEqual(['a-b-c', 'd-e', 'd-e-1']);
  });
});
