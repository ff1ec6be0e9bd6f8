import { type Panel, PROMETHEUS } from './panel.ts';

/** Panels below a heading, in rows of `columns` panels. */
export type Section = {
  readonly title: string;
  readonly columns: 1 | 2 | 3 | 4;
  /** Height of each panel, in units of Grafana's grid: 30 pixels. */
  readonly height: number;
  readonly panels: readonly Panel[];
};

/** The source of a dashboard. */
export type DashboardSpec = {
  /** The last part of its URL, and the name of its file. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** A drop-down list of the values of a label. */
  readonly variable?: {
    readonly name: string;
    readonly label: string;
    readonly values: string;
    readonly first: string;
  };
  readonly sections: readonly Section[];
};

type Place = { readonly h: number; readonly w: number; readonly x: number; readonly y: number };

/** A panel with its id and its position. */
export type PlacedPanel = { readonly id: number; readonly gridPos: Place } & (
  | Panel
  | { readonly type: 'row'; readonly title: string }
);

/** A dashboard in Grafana's JSON model. */
export type Dashboard = {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly panels: readonly PlacedPanel[];
  readonly [field: string]: unknown;
};

const GRID_WIDTH = 24;
const TAG = 'mercato';

/** Adds ids and positions to the panels, and the common settings to the dashboard. */
export function dashboard({ name, title, description, variable, sections }: DashboardSpec): Dashboard {
  return {
    uid: `mercato-${name}`,
    title: `Mercato / ${title}`,
    description,
    tags: [TAG],
    schemaVersion: 39,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    timezone: 'browser',
    links: [
      {
        type: 'dashboards',
        title: 'Mercato',
        icon: 'external link',
        tooltip: '',
        tags: [TAG],
        asDropdown: false,
        includeVars: true,
        keepTime: true,
        targetBlank: false,
      },
    ],
    annotations: { list: [] },
    templating: { list: variable === undefined ? [] : [choice(variable)] },
    panels: placed(sections),
  };
}

function choice({ name, label, values, first }: NonNullable<DashboardSpec['variable']>) {
  return {
    type: 'query',
    name,
    label,
    datasource: PROMETHEUS,
    query: { query: values, refId: 'A' },
    current: { text: first, value: first },
    includeAll: false,
    multi: false,
    refresh: 2,
    sort: 1,
  };
}

function placed(sections: readonly Section[]): PlacedPanel[] {
  const panels: PlacedPanel[] = [];
  let y = 0;
  for (const { title, columns, height, panels: own } of sections) {
    const w = GRID_WIDTH / columns;
    panels.push({ id: panels.length + 1, gridPos: { h: 1, w: GRID_WIDTH, x: 0, y }, type: 'row', title });
    y += 1;
    own.forEach((panel, index) => {
      const x = (index % columns) * w;
      panels.push({ id: panels.length + 1, gridPos: { h: height, w, x, y }, ...panel });
      if (x + w === GRID_WIDTH || index === own.length - 1) y += height;
    });
  }
  return panels;
}
