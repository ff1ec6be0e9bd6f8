import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { projectPath } from '../../src/lib/project-root.ts';
import { allDashboards } from '../../tools/observability/generated-files.ts';
import { lineCount } from '../architecture/file-rules.ts';
import { headings, tableRows } from '../architecture/markdown.ts';
import { codePathsBelow, pathsBelow, readSource } from '../architecture/source-files.ts';
import { alerts } from './queries.ts';

const FOLDER = 'docs/runbooks';
const MAX_LINES = 40;
const CONTENTS = `${FOLDER}/README.md`;
const pages = pathsBelow(FOLDER).filter((path) => path !== CONTENTS);
const named = [...new Map(alerts().map(({ alert, annotations }) => [annotations.runbook_url, alert]))];

describe('the runbooks', () => {
  it('are one for each alert', () => {
    expect(pages).toEqual(named.map(([path]) => path).sort());
  });

  it.each(named)('say what to look at, what to do and when it is over: %s', (path, alert) => {
    const { text } = readSource(path);
    expect(text).toMatch(new RegExp(`^# ${alert}\n\n\\S`));
    expect(headings(text)).toEqual(['First look', 'Likely causes', 'What to do', 'It is over when']);
    expect(lineCount(text)).toBeLessThanOrEqual(MAX_LINES);
  });

  it('are listed, with whom they wake', () => {
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
    const expected = named.map(([path, alert]) => `[${alert}](${path.slice(FOLDER.length + 1)}) ${severities(alert)}`);
    expect([...rows].sort()).toEqual([...expected].sort());
  });

  it.each([CONTENTS, ...pages])('link to files that are there: %s', (path) => {
    const targets = [...readSource(path).text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '');
    const missing = targets.filter((target) => !existsSync(projectPath(normalize(join(dirname(path), target)))));
    expect(missing).toEqual([]);
  });

  it.each(pages)('name dashboards and panels that there are: %s', (path) => {
    const panels = Object.values(allDashboards()).flatMap(({ title, panels: all }) =>
      all.map((panel) => `${title.replace('Mercato / ', '')} > ${panel.title}`),
    );
    const text = readSource(path).text.replaceAll(/\s+/g, ' ');
    const asked = [...text.matchAll(/\*([A-Z][a-z]+ > [^*]+)\*/g)].map((match) => match[1] ?? '');
    expect(asked).not.toEqual([]);
    expect(asked.filter((panel) => !panels.includes(panel))).toEqual([]);
  });

  it('ask for log lines that the code writes', () => {
    const messages = pages.flatMap((path) =>
      [...readSource(path).text.matchAll(/(?:\|=|\bor) "([^"]+)"/g)].map((match) => match[1] ?? ''),
    );
    const code = codePathsBelow('src').map((path) => readSource(path).text);
    expect(messages.length).toBeGreaterThan(8);
    expect(messages.filter((message) => !code.some((text) => text.includes(`'${message}'`)))).toEqual([]);
  });
});
