import { definitions, rpcKinds } from '../../src/contract.ts';
import { serviceConfig } from '../../src/lib/grpc/service-config.ts';
import { type GrpcServiceName, grpcServiceNames, topology } from '../../src/topology.ts';
import { callersOf, longestBudgetMs } from './call-budgets.ts';
import { meshObjects, milliseconds, ofKind, type VirtualService } from './mesh.ts';

/** Who repeats a write, and why that is harmless: by the key that it carries, or because twice is as once. */
const WHY_SAFE: Readonly<Record<string, string>> = {
  AddItem: 'nobody: an answer that got lost is said so on the page',
  EmptyCart: 'the saga, as outbox work: it names the version of the cart',
  Charge: 'nobody: an answer that got lost is looked up by its key',
  GetCharge: 'the saga: it fences its key, and twice is as once',
  Refund: 'the saga, until it succeeds: by its key',
  ShipOrder: 'the saga, three times: by its key',
  CancelShipment: 'the saga, until it succeeds: by its key',
  SendOrderConfirmation: 'the saga, as outbox work: by its key',
  SendOrderCancellation: 'the saga, as outbox work: by its key',
  PlaceOrder: "the shopper: by the form's key",
};

const HEAD = [
  'RPC',
  'kind',
  'longest deadline',
  'attempts without a mesh',
  'time in the mesh',
  'attempts in it',
  'repeated by, and why that is safe',
  'called by',
];

/** Every RPC with its times and its repeats, as the clients' configuration and the mesh have them: a table of a document. */
export function retryTable(): string {
  const services = ofKind<VirtualService>('VirtualService', meshObjects());
  const rows = grpcServiceNames.flatMap((service) =>
    Object.entries(rpcKinds(service)).map(([rpc, kind]) => {
      const path = `/${topology[service].grpcService}/${rpc}`;
      const route = services
        .flatMap(({ spec }) => spec.http)
        .find(({ match }) => match?.some(({ uri }) => uri?.exact === path));
      if (route === undefined) throw new Error(`the mesh is told no way to ${path}`);
      const { attempts, perTryTimeout } = route.retries;
      return [
        `${service} ${rpc}`,
        kind,
        seconds(longestBudgetMs(service, rpc)),
        clientAttempts(service, rpc),
        seconds(milliseconds(route.timeout)),
        perTryTimeout === undefined ? '1' : `${attempts + 1}, each ${seconds(milliseconds(perTryTimeout))}`,
        kind === 'read' ? 'client or proxy: it changes nothing' : whySafe(rpc),
        callersOf(service, rpc).join(', ') || 'nobody',
      ];
    }),
  );
  return [HEAD, HEAD.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

function clientAttempts(service: GrpcServiceName, rpc: string): string {
  const { methodConfig } = serviceConfig(definitions[service], { retries: true });
  const method = methodConfig.find(({ name }) => name.some((n) => n.method === rpc));
  return String(method?.retryPolicy?.maxAttempts ?? 1);
}

function whySafe(rpc: string): string {
  const why = WHY_SAFE[rpc];
  if (why === undefined) throw new Error(`who repeats ${rpc}, which is a write, and why is that harmless?`);
  return why;
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '-' : `${ms / 1000} s`;
}
