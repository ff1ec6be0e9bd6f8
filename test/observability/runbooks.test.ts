import { allDashboards } from '../../tools/observability/generated-files.ts';
import { headings, tableRows } from '../architecture/markdown.ts';
import { codePathsBelow, pathsBelow, readSource } from '../architecture/source-files.ts';
import { alerts } from './queries.ts';

const FOLDER = 'docs/runbooks';
const CONTENTS = `${FOLDER}/README.md`;
const runbooks = pathsBelow(FOLDER).filter((path) => path !== CONTENTS);
const alertsByRunbook = [...new Map(alerts().map(({ alert, annotations }) => [annotations.runbook_url, alert]))];

describe('the runbooks', () => {
  it('every alert has a runbook, and every runbook belongs to an alert', () => {
    expect(runbooks).toEqual(alertsByRunbook.map(([path]) => path).sort());
  });

  it.each(alertsByRunbook)('%s states impact, diagnosis, causes, mitigation and end condition', (path, alert) => {
    const { text } = readSource(path);
    expect(text).toMatch(new RegExp(`^# ${alert}\n\n\\S`));
    expect(headings(text)).toEqual(['Diagnosis', 'Likely causes', 'Mitigation', 'Resolved when']);
  });

  it('the README lists every runbook with the severities of its alert', () => {
    const rows = tableRows(readSource(CONTENTS).text).map(([link, severity]) => `${link} ${severity}`);
    const severities = (name: string): string =>
      [
        ...new Set(
          alerts()
            .filter(({ alert }) => alert === name)
            .map(({ labels }) => labels.severity),
        ),
      ]
        .sort()
        .join(', ');
    const expected = alertsByRunbook.map(
      ([path, alert]) => `[${alert}](${path.slice(FOLDER.length + 1)}) ${severities(alert)}`,
    );
    expect([...rows].sort()).toEqual([...expected].sort());
  });

  it.each(runbooks)('%s names only panels that a dashboard has', (path) => {
    const panels = Object.values(allDashboards()).flatMap(({ title, panels: all }) =>
      all.map((panel) => `${title.replace('Mercato / ', '')} > ${panel.title}`),
    );
    const text = readSource(path).text.replaceAll(/\s+/g, ' ');
    const asked = [...text.matchAll(/\*([A-Z][a-z]+ > [^*]+)\*/g)].map((match) => match[1] ?? '');
    expect(asked).not.toEqual([]);
    expect(asked.filter((panel) => !panels.includes(panel))).toEqual([]);
  });

  it('the log queries search only for messages that the code writes', () => {
    const messages = runbooks.flatMap((path) =>
      [...readSource(path).text.matchAll(/(?:\|=|\bor) "([^"]+)"/g)].map((match) => match[1] ?? ''),
    );
    const code = codePathsBelow('src').map((path) => readSource(path).text);
    expect(messages.length).toBeGreaterThan(8);
    expect(messages.filter((message) => !code.some((text) => text.includes(`'${message}'`)))).toEqual([]);
  });
});
