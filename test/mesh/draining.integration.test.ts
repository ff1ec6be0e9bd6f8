import { randomUUID } from 'node:crypto';
import { CartServiceDefinition } from '../../src/genproto/hipstershop/cart.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { type Child, runNode } from '../../src/lib/testing/child-process.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { failureOfCall, testClient } from '../../src/lib/testing/test-client.ts';
import { startEnvoy } from './envoy.ts';
import { clusterOf, type EnvoyPart, listener, routesTo } from './envoy-config.ts';
import { meshRulesOf } from './mesh-rules.ts';

const rules = meshRulesOf('cartservice');
/** As many as can be repeated at once: all of them may meet a service that is gone. */
const CALLERS = rules.trafficPolicy.retryBudget.minRetryConcurrency;
const ENOUGH = 100;

/** In the place of Kubernetes, which leaves out a pod that says it is not ready. */
const ASKS_FOR_READINESS: EnvoyPart = {
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

/** A cart service as it is in its image, in a process of its own. */
async function startCart(env: Record<string, string> = {}): Promise<Child & { readonly address: string }> {
  const child = runNode(projectPath('dist/cartservice/main.js'), { HOST: '127.0.0.1', PORT: '0', ...env });
  const { listening } = await child.logged('started');
  return { ...child, address: String(listening) };
}

const answeredBy = (child: Child): number => child.logs().filter(({ msg }) => msg === 'rpc completed').length;

/** Ends one of two while it is called without a break; answers every status, by how often it came. */
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
  const caller = async (): Promise<void> => {
    while (!over) {
      const status = await failureOfCall(options.call(client));
      statuses[status] = (statuses[status] ?? 0) + 1;
      calls += 1;
    }
  };
  const callers = Promise.all(Array.from({ length: CALLERS }, caller));
  try {
    await eventually('both are called', () => Math.min(answeredBy(ending), answeredBy(staying)) >= ENOUGH);
    ending.signal(options.signal);
    expect(await ending.ended()).toBe(options.signal === 'SIGTERM' ? 0 : options.signal);
    const [after, before] = [calls + ENOUGH, answeredBy(staying)];
    await eventually('calls went on', () => calls >= after && answeredBy(staying) > before);
  } finally {
    over = true;
    await callers;
  }
  return statuses;
}

const cartClient = (address: string) => testClient(CartServiceDefinition, address);

describe('a service that is told to end while it is called', () => {
  it('loses no read, also when nobody knows that it ends', async () => {
    const statuses = await statusesWhileOneEnds({
      env: {},
      cluster: {},
      signal: 'SIGTERM',
      call: async ({ getCart }) => await getCart({ userId: 'ann' }),
    });
    expect(Object.keys(statuses)).toEqual(['OK']);
  });

  // Each into a cart of its own: there is only so much in one.
  const add = async ({ addItem }: ReturnType<typeof cartClient>) =>
    await addItem({ userId: randomUUID(), item: { productId: '6E92ZMYYFZ', quantity: 1 } });

  it('loses no write, when it is left out before it refuses new calls', async () => {
    const statuses = await statusesWhileOneEnds({
      env: { SHUTDOWN_DELAY_MS: '1000' },
      cluster: ASKS_FOR_READINESS,
      signal: 'SIGTERM',
      call: add,
    });
    expect(Object.keys(statuses)).toEqual(['OK']);
  });

  it('loses writes when it is killed: nobody repeats them for it', async () => {
    const statuses = await statusesWhileOneEnds({ env: {}, cluster: {}, signal: 'SIGKILL', call: add });
    expect(statuses.UNAVAILABLE).toBeGreaterThan(0);
  });
});
