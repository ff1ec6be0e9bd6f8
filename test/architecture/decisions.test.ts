import { headings } from './markdown.ts';
import { pathsBelow, readSource } from './source-files.ts';

const FOLDER = 'docs/adr';
const SECTIONS = ['Context', 'Decision', 'Alternatives considered', 'Consequences'];
const records = pathsBelow(FOLDER).filter((path) => !path.endsWith('/README.md'));

describe('the architecture decision records', () => {
  it('are numbered without a gap', () => {
    const numbers = records.map((path) => /^docs\/adr\/(\d{4})-[a-z0-9-]+\.md$/.exec(path)?.[1]);
    expect(numbers).toEqual(records.map((_path, index) => String(index + 1).padStart(4, '0')));
  });

  it.each(records)('have a number, a status, a date and every section of the form: %s', (path) => {
    const { text } = readSource(path);
    const number = path.slice(FOLDER.length + 1, FOLDER.length + 5);
    expect(text).toMatch(new RegExp(`^# ${number}: \\S`));
    expect(text).toMatch(/^- \*\*Status:\*\* (?:accepted|superseded)/m);
    expect(text).toMatch(/^- \*\*Date:\*\* \d{4}-\d{2}-\d{2}$/m);
    expect(headings(text)).toEqual(expect.arrayContaining(SECTIONS));
  });
});
