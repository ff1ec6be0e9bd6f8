import { attribute } from '../../src/lib/telemetry/attributes.ts';
import { EVENT_ATTRIBUTES } from '../../src/lib/telemetry/report-event.ts';
import { codePathsBelow, isTestCode, readSource } from '../architecture/source-files.ts';
import { declaredSeries } from './declared-metrics.ts';
import { DOCUMENT, documented, undocumentedLines, undocumentedSpans, wordsIn } from './documented.ts';
import { logCalls } from './log-calls.ts';

/** Whose files a row that names one service, or a kind of services, is about. */
function isOf(path: string, of: string): boolean {
  const folder = path.split('/')[1] ?? '';
  return folder === 'lib' ? !/^(?:\w+service|frontend|loadgenerator|launcher)/.test(of) : of.startsWith(folder);
}

describe(DOCUMENT, () => {
  it('lists every attribute of spans and no other', () => {
    expect(
      documented('Attributes')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(Object.values(attribute).sort());
    expect(Object.values(attribute)).toEqual(expect.arrayContaining(Object.values(EVENT_ATTRIBUTES)));
  });

  it('lists every metric that is declared and no other', () => {
    const code = codePathsBelow('src').filter(
      (path) => path !== 'src/lib/metrics/process-metrics.ts' && !isTestCode(path),
    );
    const declared = code.flatMap((path) =>
      [...readSource(path).text.matchAll(/\bname: '((?:mercato|otel|rpc|http|db)_[a-z0-9_]+)'/g)].map(
        ([, name = '']) => name,
      ),
    );
    expect(
      documented('Metrics')
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...new Set(declared)].sort());
  });

  it('lists every label of a metric and no other', async () => {
    const series = await declaredSeries();
    const [given, listed] = [new Map<string, string[]>(), new Map<string, string[]>()];
    for (const { name, cells } of documented('Metrics')) {
      const labels = series.get(name) ?? series.get(`${name}_count`);
      // The load generator is not part of a shop.
      if (labels === undefined && cells[0] === 'loadgenerator') continue;
      given.set(name, [...(labels?.keys() ?? [])].filter((label) => !['service', 'instance'].includes(label)).sort());
      listed.set(name, wordsIn(cells[1]?.replace(/\([^)]*\)|:.*$/g, '')).sort());
    }
    expect(listed).toEqual(given);
  });

  it('lists every message of a log, with its level, and no other', () => {
    const calls = logCalls();
    expect(calls.length).toBeGreaterThan(30);
    const rows = documented('Logs');
    expect(rows.map(({ name }) => name).sort()).toEqual([...new Set(calls.map(({ message }) => message))].sort());
    const wrong = calls.filter(({ path, level, message }) =>
      rows.every(
        ({ name, cells: [levels = '', of = ''] }) => name !== message || !levels.includes(level) || !isOf(path, of),
      ),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the check of what was sent', () => {
  it('finds a span that no row describes', () => {
    const span = (name: string, kind: string, service: string) => ({ name, kind, service });
    const known = [
      span('GET /product/:id', 'SERVER', 'frontend'),
      span('hipstershop.CartService/GetCart', 'CLIENT', 'frontend'),
      span('EVALSHA addToCart', 'CLIENT', 'cartservice'),
    ];
    expect(undocumentedSpans(known)).toEqual([]);
    const odd = [
      span('GET /', 'CLIENT', 'frontend'),
      span('HGETALL', 'CLIENT', 'adservice'),
      span('wait', 'INTERNAL', 'frontend'),
    ];
    expect(undocumentedSpans([...known, ...odd])).toHaveLength(3);
  });

  it('finds a line or a field that no row describes', () => {
    const common = { level: 'info', time: '', service: 'cartservice', version: '1', trace_id: '', span_id: '' };
    expect(undocumentedLines([{ ...common, msg: 'cart item added', productId: 'x', quantity: 1 }])).toEqual([]);
    expect(
      undocumentedLines([
        { ...common, msg: 'cart item added', userId: 'x' },
        { ...common, msg: 'cart item stolen' },
      ]),
    ).toEqual(['cart item added: userId', 'cart item stolen']);
  });
});
