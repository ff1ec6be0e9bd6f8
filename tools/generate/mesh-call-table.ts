import { definitions, rpcKinds } from '../../src/contract.ts';
import { serviceConfig } from '../../src/lib/grpc/service-config.ts';
import { type GrpcServiceName, grpcServiceNames, topology } from '../../src/topology.ts';
import type { Artifact } from './artifact.ts';
import { callersOfRpc, longestBudgetMs } from './call-budgets.ts';
import { meshRoute } from './mesh-routes.ts';

/** Who repeats a write, and why a second execution is harmless. */
const REPEATED_BY: Readonly<Record<string, string>> = {
  AddItem: 'not repeated: the page says that the result is unknown',
  EmptyCart: 'outbox of checkoutservice: the request names the version of the cart',
  Charge: 'saga, while the shopper waits: by idempotency key; then looked up by the key',
  GetCharge: 'saga: a second fence of the same key changes nothing',
  Refund: 'saga, until it succeeds: by idempotency key',
  ShipOrder: 'saga, three times: by idempotency key',
  CancelShipment: 'saga, until it succeeds: by idempotency key',
  SendOrderConfirmation: 'outbox of checkoutservice: by idempotency key',
  SendOrderCancellation: 'outbox of checkoutservice: by idempotency key',
  EraseMails: 'outbox of checkoutservice: erasing again changes nothing',
  PlaceOrder: 'the shopper: by the key in the form',
};

const HEAD = [
  'RPC',
  'kind',
  'longest deadline',
  'attempts without a mesh',
  'timeout in the mesh',
  'attempts in the mesh',
  'repeated by, and why that is safe',
  'called by',
];

/**
 * The table of RPCs in docs/mesh.md.
 *
 * @param read returns the text of a file of the project
 */
export function meshCallTable(read: (path: string) => string): Artifact[] {
  const rows = grpcServiceNames.flatMap((service) => {
    const mesh = read(`istio-manifests/services/${service}.yaml`);
    return Object.entries(rpcKinds(service)).map(([rpc, kind]) => {
      const { timeoutMs, attempts, perTryTimeoutMs } = meshRoute(mesh, `/${topology[service].grpcService}/${rpc}`);
      return [
        `${service} ${rpc}`,
        kind,
        seconds(longestBudgetMs(service, rpc)),
        clientAttempts(service, rpc),
        seconds(timeoutMs),
        perTryTimeoutMs === undefined ? '1' : `${attempts}, each ${seconds(perTryTimeoutMs)}`,
        kind === 'read' ? 'client or proxy: a read changes nothing' : repeatedBy(rpc),
        callersOfRpc(service, rpc).join(', ') || 'none',
      ];
    });
  });
  const written = new Set(grpcServiceNames.flatMap(writesOf));
  const unknown = Object.keys(REPEATED_BY).filter((rpc) => !written.has(rpc));
  if (unknown.length > 0)
    throw new Error(`tools/generate/mesh-call-table.ts names unknown writes: ${unknown.join(', ')}`);
  const lines = [HEAD, HEAD.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
  return [{ path: 'docs/mesh.md', region: 'calls', lines }];
}

function writesOf(service: GrpcServiceName): string[] {
  return Object.entries(rpcKinds(service)).flatMap(([rpc, kind]) => (kind === 'read' ? [] : [rpc]));
}

function clientAttempts(service: GrpcServiceName, rpc: string): string {
  const { methodConfig } = serviceConfig(definitions[service], { retries: true });
  const method = methodConfig.find(({ name }) => name.some((n) => n.method === rpc));
  return String(method?.retryPolicy?.maxAttempts ?? 1);
}

function repeatedBy(rpc: string): string {
  const text = REPEATED_BY[rpc];
  if (text === undefined) throw new Error(`tools/generate/mesh-call-table.ts must say who repeats the write ${rpc}`);
  return text;
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '-' : `${ms / 1000} s`;
}
