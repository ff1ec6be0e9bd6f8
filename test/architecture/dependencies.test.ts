import { quoted, section, tableRows } from './markdown.ts';
import { directDependencies } from './package-json.ts';
import { readSource } from './source-files.ts';

const DOCUMENT = 'docs/adr/0002-dependencies.md';
const { text } = readSource(DOCUMENT);
const declared = directDependencies();

const tables: readonly [string, readonly string[]][] = [
  ['Dependencies', declared.dependencies],
  ['Optional dependencies', declared.optionalDependencies],
  ['Development dependencies', declared.devDependencies],
  ['Overrides', declared.overrides],
];

describe(DOCUMENT, () => {
  it.each(tables)('gives a reason for each package in the table "%s" and for no other package', (heading, packages) => {
    const rows = tableRows(section(text, heading) ?? '');
    expect(rows.map(([name]) => quoted(name) ?? '').sort()).toEqual([...packages].sort());
    for (const [name, ...cells] of rows) {
      expect({ name, empty: cells.filter((cell) => cell === '') }).toMatchObject({ empty: [] });
    }
  });
});
