import { type Panel, PROMETHEUS } from './panel.ts';

/** Panels below a heading, as many side by side as there are columns. */
export type Section = {
  readonly title: string;
  readonly columns: 1 | 2 | 3 | 4;
  /** Height of each panel, in units of Grafana's grid: 30 pixels. */
  readonly height: number;
  readonly panels: readonly Panel[];
};

/** A dashboard as it is written down. */
export type DashboardSpec = {
  /** Last part of its address, and name of its file. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What its reader chooses from: the values of a label of a metric. */
  readonly variable?: {
    readonly name: string;
    readonly label: string;
    readonly values: string;
    readonly first: string;
  };
  readonly sections: readonly Section[];
};

type Place = { readonly h: number; readonly w: number; readonly x: number; readonly y: number };

/** A panel with its number and its place. */
export type PlacedPanel = { readonly id: number; readonly gridPos: Place } & (
  | Panel
  | { readonly type: 'row'; readonly title: string }
);

/** A dashboard as Grafana reads it. */
export type Dashboard = {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly panels: readonly PlacedPanel[];
  readonly [field: string]: unknown;
};

const GRID_WIDTH = 24;
const TAG = 'mercato';

/** Gives every panel its place and number, and the dashboard what all of them have. */
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
