/** A data source of Grafana. Its uid is the same in every installation of the shop. */
export type DataSource = { readonly type: string; readonly uid: string };

/** The metrics. */
export const PROMETHEUS: DataSource = { type: 'prometheus', uid: 'prometheus' };
/** The logs. */
export const LOKI: DataSource = { type: 'loki', uid: 'loki' };
/** The traces. */
export const JAEGER: DataSource = { type: 'jaeger', uid: 'jaeger' };

/** A query to a data source. */
export type Target = { readonly refId: string; readonly datasource: DataSource; readonly [field: string]: unknown };

/** A panel without its position. */
export type Panel = {
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly datasource: DataSource;
  readonly fieldConfig: {
    readonly defaults: { readonly unit: string; readonly [field: string]: unknown };
    readonly overrides: readonly unknown[];
  };
  readonly options: Readonly<Record<string, unknown>>;
  readonly targets: readonly Target[];
  readonly transformations?: readonly { readonly id: string; readonly options: Readonly<Record<string, unknown>> }[];
};

/** A query of a chart, and the legend of its series. */
export type Line = { readonly expr: string; readonly legend: string };

/** A threshold and its colour. */
export type Step = { readonly from: number; readonly color: string };

/** What every panel has. The unit is one of Grafana's. */
export type About = {
  readonly title: string;
  readonly description: string;
  readonly unit: string;
};

/** A chart over time. */
export type OverTime = About & {
  readonly lines: readonly Line[];
  /** True for a chart of durations: its exemplars link to traces. */
  readonly exemplars?: boolean;
  readonly max?: number;
  /** Thresholds that are drawn as horizontal lines. */
  readonly limits?: readonly Step[];
};

/** A chart over time. */
export function timeSeries(panel: OverTime): Panel {
  const { lines, exemplars = false, max, limits = [] } = panel;
  return {
    ...head('timeseries', PROMETHEUS, panel),
    fieldConfig: {
      defaults: {
        unit: panel.unit,
        min: 0,
        ...(max === undefined ? {} : { max }),
        color: { mode: 'palette-classic' },
        custom: {
          drawStyle: 'line',
          fillOpacity: 8,
          lineWidth: 1,
          showPoints: 'never',
          spanNulls: false,
          thresholdsStyle: { mode: limits.length === 0 ? 'off' : 'dashed' },
        },
        thresholds: thresholds('transparent', limits),
      },
      overrides: [],
    },
    options: {
      legend: { showLegend: true, displayMode: 'table', placement: 'bottom', calcs: ['mean', 'max', 'lastNotNull'] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    targets: lines.map(({ expr, legend }, index) => ({
      refId: refId(index),
      datasource: PROMETHEUS,
      editorMode: 'code',
      expr,
      legendFormat: legend,
      range: true,
      exemplar: exemplars,
    })),
  };
}

/** One current number per series. */
export function stat(
  panel: About & { lines: readonly Line[]; decimals?: number; baseColor?: string; steps?: readonly Step[] },
): Panel {
  const { lines, decimals, baseColor = 'green', steps = [] } = panel;
  return {
    ...head('stat', PROMETHEUS, panel),
    fieldConfig: {
      defaults: {
        unit: panel.unit,
        ...(decimals === undefined ? {} : { decimals }),
        color: { mode: 'thresholds' },
        thresholds: thresholds(baseColor, steps),
      },
      overrides: [],
    },
    options: {
      colorMode: 'value',
      graphMode: 'none',
      justifyMode: 'auto',
      orientation: 'auto',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      textMode: 'auto',
    },
    targets: lines.map(({ expr, legend }, index) => now(index, { expr, legend })),
  };
}

/** A table with one row per series, with current values. */
export function table(panel: About & { expr: string; hidden?: readonly string[] }): Panel {
  const hidden = [...(panel.hidden ?? []), 'Time', 'Value'];
  return {
    ...head('table', PROMETHEUS, panel),
    fieldConfig: { defaults: { unit: panel.unit, noValue: 'none' }, overrides: [] },
    options: { showHeader: true, cellHeight: 'sm' },
    targets: [{ ...now(0, { expr: panel.expr, legend: '' }), format: 'table' }],
    transformations: [
      { id: 'organize', options: { excludeByName: Object.fromEntries(hidden.map((name) => [name, true])) } },
    ],
  };
}

/** Log lines, newest first. */
export function logs(panel: Omit<About, 'unit'> & { expr: string }): Panel {
  return {
    ...head('logs', LOKI, panel),
    fieldConfig: { defaults: { unit: 'none' }, overrides: [] },
    options: {
      showTime: true,
      sortOrder: 'Descending',
      wrapLogMessage: true,
      enableLogDetails: true,
      dedupStrategy: 'none',
    },
    targets: [
      { refId: 'A', datasource: LOKI, editorMode: 'code', expr: panel.expr, queryType: 'range', maxLines: 500 },
    ],
  };
}

/** The newest traces of a service, each with a link. */
export function traces(panel: Omit<About, 'unit'> & { service: string; limit: number }): Panel {
  const { service, limit } = panel;
  return {
    ...head('table', JAEGER, panel),
    fieldConfig: { defaults: { unit: 'none' }, overrides: [] },
    options: { showHeader: true, cellHeight: 'sm' },
    targets: [{ refId: 'A', datasource: JAEGER, queryType: 'search', service, limit }],
  };
}

function head(type: string, datasource: DataSource, { title, description }: Pick<About, 'title' | 'description'>) {
  return { type, title, description, datasource };
}

function now(index: number, { expr, legend }: Line): Target {
  const query = { editorMode: 'code', expr, legendFormat: legend, instant: true, range: false };
  return { refId: refId(index), datasource: PROMETHEUS, ...query };
}

function refId(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

function thresholds(baseColor: string, steps: readonly Step[]) {
  const coloured = steps.map(({ from, color }) => ({ color, value: from }));
  return { mode: 'absolute', steps: [{ color: baseColor, value: null }, ...coloured] };
}
