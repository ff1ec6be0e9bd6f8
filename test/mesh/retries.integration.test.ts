import { rpcKinds } from '../../src/contract.ts';
import { type GrpcServiceName, grpcServiceNames } from '../../src/topology.ts';
import { bareCall } from './bare-call.ts';
import { type Callee, isUnavailable, pathOf, startCallee } from './callee.ts';
import { type Envoy, startEnvoy } from './envoy.ts';
import { clusterOf, listener, routesTo } from './envoy-config.ts';
import { meshRulesOf, routeOf } from './mesh-rules.ts';

const HEALTH_CHECK = '/grpc.health.v1.Health/Check';

const rpcs = grpcServiceNames.flatMap((service) =>
  Object.entries(rpcKinds(service)).map(([rpc, kind]) => ({ service, rpc, kind })),
);

describe('a service that is unavailable', () => {
  const callees = new Map<GrpcServiceName, Callee>();
  let envoy: Envoy;

  beforeAll(async () => {
    for (const service of grpcServiceNames) callees.set(service, await startCallee(service, isUnavailable));
    const rules = grpcServiceNames.map((service) => meshRulesOf(service));
    envoy = await startEnvoy({
      listeners: rules.map((each) => listener({ name: each.service, routes: routesTo(each) })),
      clusters: rules.map((each) => clusterOf(each, [callees.get(each.service as GrpcServiceName)?.address ?? ''])),
    });
  });

  afterAll(async () => {
    await envoy?.[Symbol.asyncDispose]();
    for (const callee of callees.values()) await callee[Symbol.asyncDispose]();
  });

  /** Makes one call. Returns its status and the number of attempts that reached the service. */
  const called = async (service: GrpcServiceName, rpc: string) => {
    const callee = callees.get(service);
    const before = callee?.attempts.length ?? 0;
    const status = await bareCall(envoy.address(service), pathOf(service, rpc));
    const attempts = callee?.attempts.slice(before).filter((attempt) => attempt.rpc === rpc);
    return { status, attempts: attempts?.length };
  };

  it.each(rpcs.filter(({ kind }) => kind === 'read'))(
    'gets the configured number of attempts of the read $service $rpc',
    async ({ service, rpc }) => {
      const { retries } = routeOf(meshRulesOf(service), pathOf(service, rpc));
      expect(retries.attempts).toBeGreaterThan(0);
      expect(await called(service, rpc)).toEqual({ status: 'UNAVAILABLE', attempts: 1 + retries.attempts });
    },
  );

  it.each(rpcs.filter(({ kind }) => kind === 'write'))(
    'gets one attempt of the write $service $rpc',
    async ({ service, rpc }) => {
      expect(await called(service, rpc)).toEqual({ status: 'UNAVAILABLE', attempts: 1 });
    },
  );

  it('gets no call without a route, such as a health check', async () => {
    const { address = '' } = callees.get('cartservice') ?? {};
    expect(await bareCall(address, HEALTH_CHECK)).toBe('OK');
    expect(await bareCall(envoy.address('cartservice'), HEALTH_CHECK)).toBe('UNIMPLEMENTED');
  });
});
