import type { PlacedPanel } from '../../tools/observability/dashboards/dashboard.ts';
import { allDashboards } from '../../tools/observability/generated-files.ts';

const dashboards = Object.entries(allDashboards());
const SOURCES = ['jaeger', 'loki', 'prometheus'];

function overlap({ gridPos: a }: PlacedPanel, { gridPos: b }: PlacedPanel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

describe.each(dashboards)('the dashboard "%s"', (name, { uid, title, description, panels }) => {
  const shown = panels.flatMap((panel) => ('targets' in panel ? [panel] : []));

  it('has an address, a title and a description', () => {
    expect(uid).toBe(`mercato-${name}`);
    expect(title).toMatch(/^Mercato \/ [A-Z][a-z]+$/);
    expect(description).toMatch(/^[A-Z].+[.?]$/);
  });

  it('says of every panel what it shows, and in which unit', () => {
    for (const panel of shown) {
      expect(panel.title).toMatch(/^[A-Z]/);
      expect(panel.description).toMatch(/^[A-Z0-9].+\.$/);
      expect(panel.fieldConfig.defaults.unit).toMatch(/\S/);
      expect(panel.targets.length).toBeGreaterThan(0);
    }
  });

  it('gives every panel a number and a title of its own', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(shown.map((panel) => panel.title)).size).toBe(shown.length);
  });

  it('puts no panel above another, or beside the grid', () => {
    for (const [index, panel] of panels.entries()) {
      expect(panel.gridPos.x + panel.gridPos.w).toBeLessThanOrEqual(24);
      const covered = panels.slice(index + 1).filter((other) => overlap(panel, other));
      expect(covered.map((other) => `${panel.title} and ${other.title}`)).toEqual([]);
    }
  });

  it('asks the data sources that every installation has', () => {
    for (const { datasource, targets } of shown) {
      expect(SOURCES).toContain(datasource.uid);
      for (const target of targets) expect(target.datasource).toEqual(datasource);
    }
  });

  it('tells the queries of a panel apart', () => {
    for (const { targets } of shown) {
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
  });

  it('leads from every picture of durations to traces', () => {
    const ofDurations = shown.filter(({ targets }) => targets.some(({ expr }) => String(expr).includes('_bucket')));
    for (const { title: panel, targets } of ofDurations) {
      for (const { exemplar } of targets) expect({ panel, exemplar }).toEqual({ panel, exemplar: true });
    }
  });
});

describe('the dashboards together', () => {
  it('show durations with exemplars, logs and traces', () => {
    const text = JSON.stringify(dashboards);
    for (const part of ['"exemplar":true', '"type":"logs"', '"uid":"jaeger"', '$service']) expect(text).toContain(part);
  });
});
