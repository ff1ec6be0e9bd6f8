import { startWaves } from '../topology.ts';
import { type Edge, SHOPPERS } from './edge-stats.ts';
import { duration, percent, rate } from './layout.tsx';
import type { ShopState } from './service-watch.ts';

type Place = ReturnType<typeof placesOf>[number];

// Wide enough for the longest service name in the title, and for the longest numbers on a line of their own.
const BOX_WIDTH = 296;
const COLUMN_WIDTH = 384;
const LINE_HEIGHT = 17;
const TITLE_Y = 22;
const GAP = 16;

/** The call graph: callers to the left of what they call; each box lists its callers with rate, errors and latency. */
export function ServiceGraph({ edges, instances }: ShopState) {
  const notReady = new Set(instances.filter(({ health }) => health !== 'ready').map(({ service }): string => service));
  const places = placesOf(edges, notReady);
  const height = Math.max(...places.map((place) => place.y + place.height)) + 4;
  const width = Math.max(...places.map(({ x }) => x)) + BOX_WIDTH + 4;
  const ways = places.flatMap((to) =>
    to.into.map((edge) => <Way edge={edge} from={places.find(({ name }) => name === edge.from)} to={to} />),
  );
  return (
    <svg class="graph" viewBox={`-2 -2 ${width} ${height}`} role="img" aria-label="The service graph; as a table below">
      {ways}
      {places.map(({ name, into, x, y, height: boxHeight }) => (
        <g transform={`translate(${x} ${y})`}>
          <rect class={`box s-${name}`} width={BOX_WIDTH} height={boxHeight} rx="8" />
          <text class="title" x="12" y={TITLE_Y}>
            {name}
          </text>
          {linesOf(name, into, notReady).map(({ text, isBad }, index) => (
            <text class={isBad ? 'bad' : ''} x="12" y={TITLE_Y + (index + 1) * LINE_HEIGHT}>
              {text}
            </text>
          ))}
        </g>
      ))}
    </svg>
  );
}

function Way({ edge, from, to }: { readonly edge: Edge; readonly from: Place | undefined; readonly to: Place }) {
  if (from === undefined) return null;
  const [x1, y1, x2, y2] = [from.x + BOX_WIDTH, from.y + from.height / 2, to.x, to.y + to.height / 2];
  const middle = (x1 + x2) / 2;
  const curve = `M${x1},${y1} C${middle},${y1} ${middle},${y2} ${x2},${y2}`;
  const className = `way s-${edge.from} ${edge.errorRatio > 0 ? 'failing' : ''}`;
  return <path class={className} d={curve} stroke-width={Math.min(1 + Math.sqrt(edge.perSecond), 7)} />;
}

/** The numbers of an edge as text: `4/min, 2.5 % errors, p95 12 ms`. */
export function numbersOf({ perSecond, errorRatio, p95Ms }: Edge): string {
  const errors = errorRatio > 0 ? `, ${percent(errorRatio)} errors` : '';
  return `${rate(perSecond)}${errors}${p95Ms === undefined ? '' : `, p95 ${duration(p95Ms)}`}`;
}

type Line = { readonly text: string; readonly isBad: boolean };

// The caller and its numbers are two lines: together they would not fit the box once there are errors.
function linesOf(name: string, into: readonly Edge[], notReady: ReadonlySet<string>): Line[] {
  const calls = into.flatMap((edge) => [
    { text: `from ${edge.from}`, isBad: false },
    { text: numbersOf(edge), isBad: edge.errorRatio > 0 },
  ]);
  return notReady.has(name) ? [{ text: 'not ready', isBad: true }, ...calls] : calls;
}

function placesOf(edges: readonly Edge[], notReady: ReadonlySet<string>) {
  const columns = [[SHOPPERS], ...[...startWaves()].reverse()].map((names: readonly string[]) =>
    names.map((name) => {
      const into = edges.filter(({ to }) => to === name);
      return { name, into, height: TITLE_Y + 10 + linesOf(name, into, notReady).length * LINE_HEIGHT };
    }),
  );
  const total = (boxes: readonly { readonly height: number }[]) =>
    boxes.reduce((sum, { height }) => sum + height + GAP, 0);
  const tallest = Math.max(...columns.map(total));
  return columns.flatMap((boxes, column) => {
    const top = (tallest - total(boxes)) / 2;
    return boxes.map((box, row) => ({ ...box, x: column * COLUMN_WIDTH, y: top + total(boxes.slice(0, row)) }));
  });
}
