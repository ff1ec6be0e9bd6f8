import { posix } from 'node:path';
import { declaredEvents, declaredLines } from '../../tools/observability/declared-lines.ts';
import { declaredMetrics } from '../../tools/observability/declared-metrics.ts';
import { writerNames } from '../../tools/observability/writers.ts';
import { codePathsBelow, isTestCode, readSource } from '../architecture/source-files.ts';
import { declaredSeries } from './declared-metrics.ts';

const DECLARATION = /\b(?:logLine|businessEvent|declareSpan)\(/;
const DEFINITIONS = [
  'src/lib/log/log-line.ts',
  'src/lib/telemetry/business-event.ts',
  'src/lib/telemetry/span-declaration.ts',
];

/** The modules of `src` that a file of tools/observability imports. */
function importedBy(path: string): string[] {
  return [...readSource(path).text.matchAll(/from '(\.[^']+)'/g)].map(([, target = '']) =>
    posix.join(posix.dirname(path), target),
  );
}

describe('the generated tables of docs/observability.md', () => {
  it('cover every module that declares log lines, events or spans', () => {
    const declaring = codePathsBelow('src').filter(
      (path) => !isTestCode(path) && !DEFINITIONS.includes(path) && DECLARATION.test(readSource(path).text),
    );
    const covered = ['declared-lines', 'declared-spans'].flatMap((name) =>
      importedBy(`tools/observability/${name}.ts`),
    );
    expect(declaring.length).toBeGreaterThan(15);
    expect(declaring.filter((path) => !covered.includes(path))).toEqual([]);
  });

  it('name each metric with the services and labels with which a running shop registers it', async () => {
    const registered = await declaredSeries();
    const problems = declaredMetrics().flatMap(({ name, type, labels, by }) => {
      const series = registered.get(type === 'histogram' ? `${name}_count` : name);
      if (series === undefined) return [`${name} is not registered`];
      const services = series.get('service');
      const missing = Object.keys(labels).filter((label) => !series.has(label));
      const unknown = writerNames([by]).filter((service) => services !== 'any' && services?.has(service) !== true);
      return [...missing, ...unknown].map((problem) => `${name}: ${problem}`);
    });
    expect(problems).toEqual([]);
    const documented = new Set(
      declaredMetrics().flatMap(({ name, type }) =>
        type === 'histogram' ? ['bucket', 'count', 'sum'].map((part) => `${name}_${part}`) : [name],
      ),
    );
    const ofProcess = /^(?:process|nodejs)_/;
    expect([...registered.keys()].filter((name) => !documented.has(name) && !ofProcess.test(name))).toEqual([]);
  });

  it('describe each message of a level by its own sentence', () => {
    for (const { lines } of [...declaredEvents(), ...declaredLines()]) {
      for (const { message, when } of Object.values(lines)) {
        expect(message).toMatch(/^[a-z/][^.]+$/);
        expect(when).toMatch(/^[A-Z].+\.$/);
      }
    }
  });
});
