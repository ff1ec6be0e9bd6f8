import type { PlacedPanel } from '../../tools/observability/dashboards/dashboard.ts';
import { allDashboards } from '../../tools/observability/generated-files.ts';

const dashboards = Object.entries(allDashboards());
const SOURCES = ['jaeger', 'loki', 'prometheus'];

function overlap({ gridPos: a }: PlacedPanel, { gridPos: b }: PlacedPanel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

describe.each(dashboards)('the dashboard "%s"', (name, { uid, title, description, panels }) => {
  const shown = panels.flatMap((panel) => ('targets' in panel ? [panel] : []));

  it('has a uid, a title and a description', () => {
    expect(uid).toBe(`mercato-${name}`);
    expect(title).toMatch(/^Mercato \/ [A-Z][a-z]+$/);
    expect(description).toMatch(/^[A-Z].+[.?]$/);
  });

  it('has a title, a description and a unit for every panel', () => {
    for (const panel of shown) {
      expect(panel.title).toMatch(/^[A-Z]/);
      expect(panel.description).toMatch(/^[A-Z0-9].+\.$/);
      expect(panel.fieldConfig.defaults.unit).toMatch(/\S/);
      expect(panel.targets.length).toBeGreaterThan(0);
    }
  });

  it('has no two panels with the same id or title', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(shown.map((panel) => panel.title)).size).toBe(shown.length);
  });

  it('has no panels that overlap or leave the grid', () => {
    for (const [index, panel] of panels.entries()) {
      expect(panel.gridPos.x + panel.gridPos.w).toBeLessThanOrEqual(24);
      const covered = panels.slice(index + 1).filter((other) => overlap(panel, other));
      expect(covered.map((other) => `${panel.title} and ${other.title}`)).toEqual([]);
    }
  });

  it('queries only data sources that every installation has', () => {
    for (const { datasource, targets } of shown) {
      expect(SOURCES).toContain(datasource.uid);
      for (const target of targets) expect(target.datasource).toEqual(datasource);
    }
  });

  it('has no two queries of a panel with the same refId', () => {
    for (const { targets } of shown) {
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
  });

  it('links every chart of durations to traces by exemplars', () => {
    const ofDurations = shown.filter(({ targets }) => targets.some(({ expr }) => String(expr).includes('_bucket')));
    for (const { title: panel, targets } of ofDurations) {
      for (const { exemplar } of targets) expect({ panel, exemplar }).toEqual({ panel, exemplar: true });
    }
  });
});

describe('the dashboards', () => {
  it('include exemplars, logs and traces', () => {
    const text = JSON.stringify(dashboards);
    for (const part of ['"exemplar":true', '"type":"logs"', '"uid":"jaeger"', '$service']) expect(text).toContain(part);
  });
});
