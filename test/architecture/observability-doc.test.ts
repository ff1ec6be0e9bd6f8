import { attribute } from '../../src/lib/telemetry/attributes.ts';
import { quoted, section, tableRows } from './markdown.ts';
import { readSource } from './source-files.ts';

const DOCUMENT = 'docs/observability.md';

describe(DOCUMENT, () => {
  it('lists every attribute of spans and no other', () => {
    const rows = tableRows(section(readSource(DOCUMENT).text, 'Attributes') ?? '');
    const documented = rows.map(([name]) => quoted(name) ?? '').filter((name) => name !== '');
    expect(documented.sort()).toEqual(Object.values(attribute).sort());
  });
});
