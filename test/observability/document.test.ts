import { attribute } from '../../src/lib/telemetry/attributes.ts';
import { EVENT_ATTRIBUTES } from '../../src/lib/telemetry/report-event.ts';
import { codePathsBelow, isTestCode, readSource } from '../architecture/source-files.ts';
import { declaredSeries } from './declared-metrics.ts';
import { attributeDifferences, lineDifferences, metricDifferences, spanDifferences } from './differences.ts';
import { attributeRows, DOCUMENT, eventAttributeRows, lineRows, metricRows, spanRows } from './documented.ts';
import { logCalls } from './log-calls.ts';
import { spanSites } from './span-sites.ts';

/** The names of the metrics that the code declares, beside what prom-client knows of a process. */
function declaredNames(): string[] {
  return codePathsBelow('src')
    .filter((path) => path !== 'src/lib/metrics/process-metrics.ts' && !isTestCode(path))
    .flatMap((path) => [...readSource(path).text.matchAll(/\bname: '((?:mercato|otel|rpc|http|db)_[a-z0-9_]+)'/g)])
    .map(([, name = '']) => name);
}

const code = {
  attributes: { names: Object.values(attribute), ofFields: EVENT_ATTRIBUTES },
  sites: spanSites(),
  calls: logCalls(),
};

describe(DOCUMENT, () => {
  it('lists every span, with its kind, and no other', () => {
    expect(code.sites.length).toBeGreaterThan(5);
    expect(spanDifferences(spanRows(), code.sites)).toEqual([]);
  });

  it('lists every attribute of spans and of events, of spans that there are, and no other', () => {
    const rows = { ofSpans: attributeRows(), ofEvents: eventAttributeRows(), spans: spanRows() };
    expect(attributeDifferences(rows, code.attributes)).toEqual([]);
  });

  it('lists every metric, with its services, labels and values, and no other', async () => {
    const declared = { names: declaredNames(), series: await declaredSeries() };
    expect(metricDifferences(metricRows(), declared)).toEqual([]);
  });

  it('lists every line of the log, with its level, services and fields, and no other', () => {
    expect(code.calls.length).toBeGreaterThan(30);
    expect(lineDifferences(lineRows(), code.calls)).toEqual([]);
  });
});
