import { randomUUID } from 'node:crypto';
import { CartServiceDefinition } from '../../src/genproto/hipstershop/cart.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { type Child, runNode } from '../../src/lib/testing/child-process.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { failureOfCall, testClient } from '../../src/lib/testing/test-client.ts';
import { startEnvoy } from './envoy.ts';
import { clusterOf, type EnvoyPart, listener, routesTo } from './envoy-config.ts';
import { type MeshRules, meshRulesOf } from './mesh-rules.ts';

const { routes, ...cart } = meshRulesOf('cartservice');
/** The rules of cartservice with generous timeouts: the subject is which attempts are made, not how long they take. */
const rules: MeshRules = {
  ...cart,
  routes: routes.map(({ retries, ...route }) => ({
    ...route,
    timeout: '60s',
    retries: retries.attempts === 0 ? retries : { ...retries, perTryTimeout: '20s' },
  })),
};
/** As many concurrent retries as the budget allows: every caller may meet the service that ends. */
const CALLERS = rules.trafficPolicy.retryBudget.minRetryConcurrency;
const ENOUGH = 100;
/** Fewer than Envoy's limits of connections and requests, so that no call is refused. */
const MOST_IN_FLIGHT = rules.trafficPolicy.connectionPool.tcp.maxConnections - 1;

/** Stands for Kubernetes, which removes a pod that is not ready from the endpoints. */
const HEALTH_CHECKS: EnvoyPart = {
  health_checks: [
    {
      interval: '0.05s',
      no_traffic_interval: '0.05s',
      timeout: '1s',
      unhealthy_threshold: 1,
      healthy_threshold: 1,
      grpc_health_check: {},
    },
  ],
};

/** Starts cartservice as a process. */
async function startCart(env: Record<string, string> = {}): Promise<Child & { readonly address: string }> {
  const child = runNode(projectPath('dist/cartservice/main.js'), { HOST: '127.0.0.1', PORT: '0', ...env });
  const { listening } = await child.logged('started');
  return { ...child, address: String(listening) };
}

const completedBy = (child: Child): number => child.logs().filter(({ msg }) => msg === 'rpc completed').length;

/** Ends one of two replicas under constant load. Returns how often each status was returned. */
async function statusesWhileOneEnds(options: {
  env: Record<string, string>;
  cluster: EnvoyPart;
  signal: NodeJS.Signals;
  call: (client: ReturnType<typeof cartClient>) => Promise<unknown>;
}): Promise<Record<string, number>> {
  await using ending = await startCart(options.env);
  await using staying = await startCart();
  await using envoy = await startEnvoy({
    listeners: [listener({ name: 'cart', routes: routesTo(rules) })],
    clusters: [{ ...clusterOf(rules, [ending.address, staying.address]), ...options.cluster }],
  });
  using client = cartClient(envoy.address('cart'));
  const statuses: Record<string, number> = {};
  let calls = 0;
  let over = false;
  /** For each call in flight, the number of calls that had ended when it began. */
  const inFlight = new Map<symbol, number>();
  const callOnce = async (): Promise<void> => {
    const id = Symbol('call');
    inFlight.set(id, calls);
    const status = await failureOfCall(options.call(client));
    inFlight.delete(id);
    statuses[status] = (statuses[status] ?? 0) + 1;
    calls += 1;
  };
  const caller = async (): Promise<void> => {
    while (!over) await callOnce();
  };
  const further: Promise<void>[] = [];
  const callers = Promise.all(Array.from({ length: CALLERS }, caller));
  try {
    await eventually('both replicas are called', () => Math.min(completedBy(ending), completedBy(staying)) >= ENOUGH);
    if (options.signal === 'SIGKILL') {
      // A stopped replica surely has a call in flight when it is killed: one that many later calls have overtaken.
      ending.signal('SIGSTOP');
      await eventually('a call waits for the stopped replica', () => {
        // Envoy chooses a replica at random, so all callers may wait for the stopped one before as many calls have ended.
        if (inFlight.size < MOST_IN_FLIGHT) further.push(callOnce());
        return [...inFlight.values()].some((before) => calls - before > 2 * CALLERS);
      });
    }
    ending.signal(options.signal);
    expect(await ending.ended()).toBe(options.signal === 'SIGTERM' ? 0 : options.signal);
    const [after, before] = [calls + ENOUGH, completedBy(staying)];
    await eventually('the other replica is called after that', () => calls >= after && completedBy(staying) > before);
  } finally {
    over = true;
    await Promise.all([callers, ...further]);
  }
  return statuses;
}

const cartClient = (address: string) => testClient(CartServiceDefinition, address);

describe('a replica that stops under load', () => {
  it('loses no read after SIGTERM, even when it stays in the load balancing', async () => {
    const statuses = await statusesWhileOneEnds({
      env: {},
      cluster: {},
      signal: 'SIGTERM',
      call: async ({ getCart }) => await getCart({ userId: 'ann' }),
    });
    expect(Object.keys(statuses)).toEqual(['OK']);
  });

  // Each call uses another cart, because the size of a cart is limited.
  const add = async ({ addItem }: ReturnType<typeof cartClient>) =>
    await addItem({ userId: randomUUID(), item: { productId: '6E92ZMYYFZ', quantity: 1 } });

  it('loses no write after SIGTERM when health checks remove it before it refuses new calls', async () => {
    const statuses = await statusesWhileOneEnds({
      env: { SHUTDOWN_DELAY_MS: '1000' },
      cluster: HEALTH_CHECKS,
      signal: 'SIGTERM',
      call: add,
    });
    expect(Object.keys(statuses)).toEqual(['OK']);
  });

  it('loses writes when it is killed, because writes are not retried', async () => {
    const statuses = await statusesWhileOneEnds({ env: {}, cluster: {}, signal: 'SIGKILL', call: add });
    expect(statuses.UNAVAILABLE).toBeGreaterThan(0);
  });
});
