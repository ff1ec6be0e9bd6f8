import { startWaves } from '../services.ts';
import { type Edge, SHOPPERS } from './edge-stats.ts';
import { duration, rate } from './layout.tsx';
import type { InstanceHealth } from './service-watch.ts';

type Place = { readonly name: string; readonly x: number; readonly y: number; readonly into: readonly Edge[] };

const BOX_WIDTH = 268;
const COLUMN_WIDTH = 380;
const LINE_HEIGHT = 17;
const GAP = 16;
const heightOf = ({ into }: Pick<Place, 'into'>): number => 32 + into.length * LINE_HEIGHT;

/** A drawing of who calls whom: callers on the left of those they call, the numbers of each way in the called box. */
export function ServiceGraph(props: { readonly edges: readonly Edge[]; readonly health: readonly InstanceHealth[] }) {
  const places = placesOf(props.edges);
  const height = Math.max(...places.map((place) => place.y + heightOf(place))) + 4;
  const width = Math.max(...places.map(({ x }) => x)) + BOX_WIDTH + 4;
  const ill = props.health.filter(({ health }) => health !== 'ready').map(({ service }): string => service);
  const ways = places.flatMap((to) =>
    to.into.map((edge) => <Way edge={edge} from={places.find(({ name }) => name === edge.from)} to={to} />),
  );
  return (
    <svg class="graph" viewBox={`-2 -2 ${width} ${height}`} role="img" aria-label="The service graph; as a table below">
      {ways}
      {places.map((place) => (
        <g transform={`translate(${place.x} ${place.y})`}>
          <rect class={`box s-${place.name}`} width={BOX_WIDTH} height={heightOf(place)} rx="8" />
          <text class="title" x="12" y="22">
            {ill.includes(place.name) ? `${place.name}: not ready` : place.name}
          </text>
          {place.into.map((edge, index) => (
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
  const [x1, y1, x2, y2] = [from.x + BOX_WIDTH, from.y + heightOf(from) / 2, to.x, to.y + heightOf(to) / 2];
  const middle = (x1 + x2) / 2;
  const className = `way s-${edge.from} ${edge.errorRatio > 0 ? 'failing' : ''}`;
  const weight = Math.min(1 + Math.sqrt(edge.perSecond), 7);
  return (
    <path class={className} d={`M${x1},${y1} C${middle},${y1} ${middle},${y2} ${x2},${y2}`} stroke-width={weight} />
  );
}

function numbersOf({ from, perSecond, errorRatio, p95Ms }: Edge): string {
  const errors = errorRatio > 0 ? `, ${(errorRatio * 100).toFixed(1)} % errors` : '';
  return `${from}: ${rate(perSecond)}${errors}${p95Ms === undefined ? '' : `, ${duration(p95Ms)}`}`;
}

function placesOf(edges: readonly Edge[]): Place[] {
  const columns = [[SHOPPERS], ...[...startWaves()].reverse()].map((names: readonly string[]) =>
    names.map((name) => ({ name, into: edges.filter(({ to }) => to === name) })),
  );
  const total = (column: readonly Pick<Place, 'into'>[]): number =>
    column.reduce((sum, place) => sum + heightOf(place) + GAP, -GAP);
  const tallest = Math.max(...columns.map(total));
  return columns.flatMap((column, index) => {
    let below = (tallest - total(column)) / 2;
    return column.map((place) => {
      const y = below;
      below += heightOf(place) + GAP;
      return { ...place, x: index * COLUMN_WIDTH, y };
    });
  });
}
