import { headings, tableRows } from './markdown.ts';
import { pathsBelow, readSource } from './source-files.ts';

const FOLDER = 'docs/adr';
const MAX_LINES = 100;
const pages = pathsBelow(FOLDER).filter((path) => !path.endsWith('/README.md'));

describe('the decisions', () => {
  it('are numbered without a gap', () => {
    const numbers = pages.map((path) => /^docs\/adr\/(\d{4})-[a-z0-9-]+\.md$/.exec(path)?.[1]);
    expect(numbers).toEqual(pages.map((_path, index) => String(index + 1).padStart(4, '0')));
  });

  it.each(pages)('say what led to them, what was decided and what follows: %s', (path) => {
    const { text } = readSource(path);
    const number = path.slice(FOLDER.length + 1, FOLDER.length + 5);
    expect(text).toMatch(new RegExp(`^# ${number}: \\S`));
    expect(headings(text)).toEqual(expect.arrayContaining(['Context', 'Decision', 'Consequences']));
    expect(text.split('\n').length).toBeLessThanOrEqual(MAX_LINES);
  });

  it('are listed with their titles', () => {
    const listed = tableRows(readSource(`${FOLDER}/README.md`).text).map(([link, title]) => `${link} ${title}`);
    const expected = pages.map((path) => {
      const [number = '', title = ''] = readSource(path).text.slice(2).split('\n', 1)[0]?.split(': ') ?? [];
      return `[${number}](${path.slice(FOLDER.length + 1)}) ${title}`;
    });
    expect(listed).toEqual(expected);
  });
});
