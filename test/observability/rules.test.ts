import { runbookOf } from '../../tools/observability/rules/rule.ts';
import { alerts, recordings } from './queries.ts';
import { expectedAlerts } from './rule-tests.ts';

describe('the recording rules', () => {
  it('have names of the form level:metric:operations', () => {
    for (const { record } of recordings()) expect(record).toMatch(/^slo:[a-z_]+:[a-z_]+(?:\d+[mhd])?$/);
  });

  it('do not compute a series twice', () => {
    const series = recordings().map(({ record, labels }) => `${record} ${labels?.slo ?? ''}`);
    expect(new Set(series).size).toBe(series.length);
  });
});

describe('the alerts', () => {
  it.each(alerts().map((alert) => [alert.alert, alert] as const))(
    'have a severity, a duration, a summary, a description and a runbook: %s',
    (name, alert) => {
      expect(name).toMatch(/^(?:[A-Z][a-z0-9]+)+$/);
      expect(['page', 'ticket']).toContain(alert.labels.severity);
      expect(alert.for).toMatch(/^\d+[mh]$/);
      expect(alert.annotations.summary).toMatch(/\S.+\.$/);
      expect(alert.annotations.description).toMatch(/^[A-Z0-9].+\.$/);
      expect(alert.annotations.runbook_url).toBe(runbookOf(name));
    },
  );

  it('differ in their labels where they share a name', () => {
    const named = alerts().map(({ alert, labels }) => `${alert} ${JSON.stringify(labels)}`);
    expect(new Set(named).size).toBe(named.length);
  });

  it('use the burn rates and windows of the Site Reliability Workbook', () => {
    for (const slo of ['checkout', 'pages']) {
      const burns = alerts()
        .filter(({ labels }) => labels.slo === slo)
        .map(({ expr, labels }) => {
          const [long, short] = [...expr.matchAll(/ratio_rate(\w+)\{slo="(\w+)"\} > (\S+) \*/g)].map((match) =>
            match.slice(1),
          );
          return { severity: labels.severity, long, short };
        });
      expect(burns).toEqual([
        { severity: 'page', long: ['1h', slo, '14.4'], short: ['5m', slo, '14.4'] },
        { severity: 'page', long: ['6h', slo, '6'], short: ['30m', slo, '6'] },
        { severity: 'ticket', long: ['1d', slo, '3'], short: ['2h', slo, '3'] },
        { severity: 'ticket', long: ['3d', slo, '1'], short: ['6h', slo, '1'] },
      ]);
    }
  });

  it('derive the path of their runbook from their name', () => {
    expect(runbookOf('RedisUnavailable')).toBe('docs/runbooks/redis-unavailable.md');
  });
});

describe("promtool's rule tests", () => {
  const expected = expectedAlerts();

  it('make every alert fire, at each severity and over each window', () => {
    const unseen = alerts().filter(
      ({ alert, labels }) =>
        !expected.some(
          (moment) =>
            moment.alert === alert &&
            moment.firing.some((fired) => Object.entries(labels).every(([label, value]) => fired[label] === value)),
        ),
    );
    expect(unseen.map(({ alert, labels }) => `${alert} ${JSON.stringify(labels)}`)).toEqual([]);
  });

  it('include a case without a firing instance for every alert', () => {
    const silent = new Set(expected.filter(({ firing }) => firing.length === 0).map(({ alert }) => alert));
    expect(alerts().filter(({ alert }) => !silent.has(alert))).toEqual([]);
  });
});
