import { rpcKinds } from '../../src/contract.ts';
import {
  type GrpcServiceName,
  grpcServiceNames,
  type ServiceName,
  serviceNames,
  topology,
} from '../../src/topology.ts';
import { authorizationFilter } from './authorization.ts';
import { bareCall } from './bare-call.ts';
import { type Callee, pathOf, returnsOk, startCallee } from './callee.ts';
import { type Authority, makeAuthority } from './certificates.ts';
import { type Envoy, startEnvoy } from './envoy.ts';
import { listener, passOn, plainCluster } from './envoy-config.ts';
import { policiesOf } from './mesh-rules.ts';
import { callerTransport, nameOf, strictTransport } from './mutual-tls.ts';

/** The RPCs that the topology lets a service call. */
function mayCall(from: ServiceName, to: GrpcServiceName): string[] {
  const { calls, exceptionalCalls } = topology[from];
  return [...(calls[to] ?? []), ...(exceptionalCalls[to] ?? [])].sort();
}

describe('a caller, identified by its certificate', () => {
  const callees: Callee[] = [];
  let authority: Authority;
  let inbound: Envoy;
  let outbound: Envoy;

  beforeAll(async () => {
    authority = await makeAuthority();
    const identities = new Map(
      await Promise.all(serviceNames.map(async (name) => [name, await authority.issue(nameOf(name))] as const)),
    );
    const identityOf = (name: ServiceName) => identities.get(name) ?? { certificate: '', key: '' };
    for (const service of grpcServiceNames) callees.push(await startCallee(service, returnsOk));
    inbound = await startEnvoy({
      listeners: grpcServiceNames.map((service) =>
        listener({
          name: service,
          routes: [passOn(service)],
          filters: [authorizationFilter(policiesOf(service))],
          transportSocket: strictTransport(authority.root, identityOf(service)),
        }),
      ),
      clusters: grpcServiceNames.map((service, index) => plainCluster(service, [callees[index]?.address ?? ''])),
    });
    const edges = serviceNames.flatMap((from) =>
      grpcServiceNames.map((to) => ({ from, to, name: `${from} to ${to}` })),
    );
    outbound = await startEnvoy({
      listeners: edges.map(({ name }) => listener({ name, routes: [passOn(name)] })),
      clusters: edges.map(({ from, to, name }) => ({
        ...plainCluster(name, [inbound.address(to)]),
        transport_socket: callerTransport(authority.root, { to, own: identityOf(from) }),
      })),
    });
  });

  afterAll(async () => {
    await outbound?.[Symbol.asyncDispose]();
    await inbound?.[Symbol.asyncDispose]();
    for (const callee of callees) await callee[Symbol.asyncDispose]();
    await authority?.[Symbol.asyncDispose]();
  });

  const statuses = async (from: ServiceName, to: GrpcServiceName): Promise<Record<string, string>> => {
    const address = outbound.address(`${from} to ${to}`);
    const calls = Object.keys(rpcKinds(to)).map(async (rpc) => [rpc, await bareCall(address, pathOf(to, rpc))]);
    return Object.fromEntries(await Promise.all(calls)) as Record<string, string>;
  };

  it('may charge a card if it is checkoutservice, and may not if it is recommendationservice', async () => {
    expect(await statuses('checkoutservice', 'paymentservice')).toMatchObject({ Charge: 'OK' });
    expect(await statuses('recommendationservice', 'paymentservice')).toMatchObject({ Charge: 'PERMISSION_DENIED' });
  });

  it.each(serviceNames)('may call the RPCs of the topology and no other, as %s', async (from) => {
    for (const to of grpcServiceNames) {
      const responses = await statuses(from, to);
      const allowed = Object.keys(responses).filter((rpc) => responses[rpc] === 'OK');
      expect({ to, allowed: allowed.sort() }).toEqual({ to, allowed: mayCall(from, to) });
      const others = Object.values(responses).filter((status) => status !== 'OK');
      expect(new Set(others)).toEqual(new Set(others.length > 0 ? ['PERMISSION_DENIED'] : []));
    }
  });
});
