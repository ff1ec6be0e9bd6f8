import { quoted, section, tableRows } from './markdown.ts';
import { directDependencies } from './package-json.ts';
import { readSource } from './source-files.ts';

const DOCUMENT = 'docs/adr/0002-dependencies.md';
const { text } = readSource(DOCUMENT);
const needed = directDependencies();

const parts: readonly [string, readonly string[]][] = [
  ['Dependencies', needed.dependencies],
  ['Optional dependencies', needed.optionalDependencies],
  ['Development dependencies', needed.devDependencies],
  ['Overrides', needed.overrides],
];

describe(DOCUMENT, () => {
  it.each(parts)('gives a reason for each of the packages below "%s", and for no other', (heading, packages) => {
    const rows = tableRows(section(text, heading) ?? '');
    expect(rows.map(([name]) => quoted(name) ?? '').sort()).toEqual([...packages].sort());
    for (const [name, ...cells] of rows) {
      expect({ name, empty: cells.filter((cell) => cell === '') }).toMatchObject({ empty: [] });
    }
  });
});
