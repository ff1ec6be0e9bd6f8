import { declaredSeries, type KnownSeries, type LabelDomain } from './declared-metrics.ts';
import { type Matcher, namesIn } from './promql.ts';
import { panelQueries, type Query, recordings, ruleQueries, runbookQueries } from './queries.ts';

const queries = [...ruleQueries(), ...panelQueries(), ...runbookQueries()];

/** Series that Prometheus itself provides. */
const BUILT_IN: KnownSeries = new Map([
  ['ALERTS', new Map([['alertstate', new Set(['pending', 'firing'])]])],
  ['up', new Map<string, LabelDomain>([['job', 'any']])],
]);

let known: KnownSeries;

beforeAll(async () => {
  const recorded = recordings().map(
    ({ record }) => [record, new Map([['slo', new Set(['checkout', 'pages'])]])] as const,
  );
  known = new Map([...(await declaredSeries()), ...recorded, ...BUILT_IN]);
});

/** The series that queries select and that neither the code nor a rule provides. */
function unknownSeries(asked: readonly Query[]): string[] {
  return asked.flatMap(({ where, expr }) =>
    namesIn(expr)
      .selectors.filter(({ metric }) => !known.has(metric))
      .map(({ metric }) => `${where}: ${metric}`),
  );
}

/** The labels that queries use and that the series do not have, and values that the labels cannot have. */
function unknownLabels(asked: readonly Query[]): string[] {
  return asked.flatMap(({ where, expr }) => {
    const { selectors, groupedBy } = namesIn(expr);
    const matched = selectors.flatMap(({ metric, matchers }) =>
      matchers.filter((matcher) => !canMatch(metric, matcher)).map(({ label, value }) => `${metric} ${label} ${value}`),
    );
    const has = (label: string): boolean => selectors.some(({ metric }) => known.get(metric)?.has(label) === true);
    return [...matched, ...groupedBy.filter((label) => !has(label))].map((problem) => `${where}: ${problem}`);
  });
}

function canMatch(metric: string, { label, operator, value }: Matcher): boolean {
  const domain = known.get(metric)?.get(label);
  if (domain === undefined) return false;
  // A Grafana variable stands for an existing value.
  if (domain === 'any' || value.startsWith('$')) return true;
  if (!operator.includes('~')) return value === '' || domain.has(value);
  const alternatives = value.split('|').map((alternative) => new RegExp(`^(?:${alternative})$`));
  const found = (pattern: RegExp): boolean => [...domain, '_OTHER'].some((one) => pattern.test(one));
  // The format of a bound depends on the version of Prometheus.
  return label === 'le' ? alternatives.some(found) : alternatives.every(found);
}

describe('the queries of dashboards, rules, alerts and runbooks', () => {
  it('are collected from all sources', () => {
    expect(queries.length).toBeGreaterThan(80);
    expect(known.size).toBeGreaterThan(60);
  });

  it('select only series that the code or a recording rule provides', () => {
    expect(unknownSeries(queries)).toEqual([]);
  });

  it('use only labels that the series have, and values that the labels can have', () => {
    expect(unknownLabels(queries)).toEqual([]);
  });

  it('use every series of a recording rule', () => {
    const used = new Set(queries.flatMap(({ expr }) => namesIn(expr).selectors.map(({ metric }) => metric)));
    expect(recordings().filter(({ record }) => !used.has(record))).toEqual([]);
  });
});

describe('the check of names in queries', () => {
  const query = (expr: string): Query[] => [{ where: 'here', expr }];

  it.each([
    'sum(rate(mercato_orders_made_total[5m]))',
    'rpc_server_call_duration_seconds > 1',
    'max(slo:http_requests:rate7m)',
    'mercato_orders_placed_total + on () mercato_orders_placed',
  ])('finds an unknown series in %s', (expr) => {
    expect(unknownSeries(query(expr))).toHaveLength(1);
  });

  it.each([
    'mercato_outbox_tasks{state="lost"}',
    'mercato_outbox_tasks{status="waiting"}',
    'sum by (colour) (mercato_outbox_tasks)',
    'rpc_server_call_duration_seconds_count{rpc_status_code=~"OK|GONE"}',
    'rpc_server_call_duration_seconds_bucket{le="0.7"}',
    'rpc_server_call_duration_seconds_count{service!="cartsevice"}',
  ])('finds an unknown label or value in %s', (expr) => {
    expect(unknownSeries(query(expr))).toEqual([]);
    expect(unknownLabels(query(expr))).toHaveLength(1);
  });

  it('extracts series, matchers and grouping labels from an expression', () => {
    const expr =
      'max by (a, b) (rate(x_total{c="1", d=~"2|3"}[5m]) / ignoring (e) group_left () sum without (f) (y:z:w))';
    expect(namesIn(expr)).toEqual({
      selectors: [
        {
          metric: 'x_total',
          matchers: [
            { label: 'c', operator: '=', value: '1' },
            { label: 'd', operator: '=~', value: '2|3' },
          ],
        },
        { metric: 'y:z:w', matchers: [] },
      ],
      groupedBy: ['a', 'b', 'e', 'f'],
    });
  });
});
