import { startWaves } from '../topology.ts';
import { type Edge, SHOPPERS } from './edge-stats.ts';
import { duration, percent, rate } from './layout.tsx';
import type { ShopState } from './service-watch.ts';

type Place = ReturnType<typeof placesOf>[number];

const BOX_WIDTH = 268;
const COLUMN_WIDTH = 380;
const LINE_HEIGHT = 17;
const GAP = 16;

/** A drawing of who calls whom: callers on the left of those they call, the numbers of each way in the called box. */
export function ServiceGraph({ edges, instances }: ShopState) {
  const places = placesOf(edges);
  const height = Math.max(...places.map((place) => place.y + place.height)) + 4;
  const width = Math.max(...places.map(({ x }) => x)) + BOX_WIDTH + 4;
  const ill = instances.filter(({ health }) => health !== 'ready').map(({ service }): string => service);
  const ways = places.flatMap((to) =>
    to.into.map((edge) => <Way edge={edge} from={places.find(({ name }) => name === edge.from)} to={to} />),
  );
  return (
    <svg class="graph" viewBox={`-2 -2 ${width} ${height}`} role="img" aria-label="The service graph; as a table below">
      {ways}
      {places.map(({ name, into, x, y, height: boxHeight }) => (
        <g transform={`translate(${x} ${y})`}>
          <rect class={`box s-${name}`} width={BOX_WIDTH} height={boxHeight} rx="8" />
          <text class="title" x="12" y="22">
            {ill.includes(name) ? `${name}: not ready` : name}
          </text>
          {into.map((edge, index) => (
            <text class={edge.errorRatio > 0 ? 'bad' : ''} x="12" y={22 + (index + 1) * LINE_HEIGHT}>
              {numbersOf(edge)}
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

/** What is seen of a way into a service, in a few words. */
export function numbersOf({ from, perSecond, errorRatio, p95Ms }: Edge): string {
  const errors = errorRatio > 0 ? `, ${percent(errorRatio)} errors` : '';
  return `${from}: ${rate(perSecond)}${errors}${p95Ms === undefined ? '' : `, ${duration(p95Ms)}`}`;
}

function placesOf(edges: readonly Edge[]) {
  const columns = [[SHOPPERS], ...[...startWaves()].reverse()].map((names: readonly string[]) =>
    names.map((name) => {
      const into = edges.filter(({ to }) => to === name);
      return { name, into, height: 32 + into.length * LINE_HEIGHT };
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
