import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const route = z.object({
  match: z.array(z.object({ uri: z.object({ exact: z.string() }).optional() })).optional(),
  timeout: z.string(),
  retries: z.object({ attempts: z.number(), perTryTimeout: z.string().optional() }),
});

const virtualService = z.object({
  kind: z.literal('VirtualService'),
  spec: z.object({ http: z.array(route) }),
});

/** How a VirtualService routes one RPC; times in milliseconds. */
export type MeshRoute = {
  readonly timeoutMs: number;
  readonly attempts: number;
  /** Undefined for a route with one attempt. */
  readonly perTryTimeoutMs: number | undefined;
};

/**
 * Reads the route of an RPC from the VirtualService of its service, the first document of its file.
 *
 * @param path such as `/hipstershop.CartService/GetCart`
 * @throws {Error} when no route matches exactly this path
 */
export function meshRoute(text: string, path: string): MeshRoute {
  const [document] = parseAllDocuments(text);
  const { spec } = virtualService.parse(document?.toJS());
  const found = spec.http.find(({ match }) => match?.some(({ uri }) => uri?.exact === path));
  if (found === undefined) throw new Error(`no route of the VirtualService matches ${path}`);
  const { timeout, retries } = found;
  return {
    timeoutMs: milliseconds(timeout),
    attempts: retries.attempts + 1,
    perTryTimeoutMs: retries.perTryTimeout === undefined ? undefined : milliseconds(retries.perTryTimeout),
  };
}

const UNIT_MS = { ms: 1, s: 1000, m: 60_000 };

/** A duration of Istio, such as `0.6s`, in milliseconds. */
export function milliseconds(duration: string): number {
  const parts = [...duration.matchAll(/([0-9.]+)(ms|s|m)/g)];
  if (parts.map(([part]) => part).join('') !== duration) throw new Error(`${duration} is not a duration`);
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNIT_MS[unit as keyof typeof UNIT_MS], 0);
}
