import { ProductCatalogServiceDefinition } from '../../src/genproto/hipstershop/product_catalog.ts';
import { healthOf } from '../../src/lib/grpc/health-of.ts';
import { LIVENESS } from '../../src/lib/grpc/server.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { failureOfCall, testClient } from '../../src/lib/testing/test-client.ts';
import { type ServiceName, serviceNames, topology } from '../../src/topology.ts';
import { metricsAt, total } from '../integration/live-metrics.ts';
import { imageBuilder } from './build.ts';
import {
  type ContainerShop,
  exitCodeOf,
  logOf,
  memoryOf,
  type RunningContainer,
  startContainerShop,
} from './container-shop.ts';
import { startTimesOf } from './container-times.ts';
import { docker, printedBy } from './docker.ts';
import { manifestOf } from './manifest.ts';

const served: readonly ServiceName[] = serviceNames.filter((name) => topology[name].protocol !== 'none');
const PAGES = 200;
const ORDERS = 5;
// After some traffic a container must have memory left.
const MEMORY_SHARE = 0.6;

const metricsOf = ({ metrics }: RunningContainer): string => `http://${metrics}/metrics`;

/** How many pages a load generator has received; 0 before it listens. */
async function answeredTo(load: RunningContainer, labels: Readonly<Record<string, string>> = {}): Promise<number> {
  const metrics = await metricsAt(metricsOf(load)).catch(() => undefined);
  if (metrics === undefined) return 0;
  return total(metrics, 'mercato_load_page_duration_seconds_count', { outcome: 'answered', ...labels });
}

/** Reports the memory of a container and checks that it leaves room. */
async function expectRoom(container: RunningContainer, pages: number): Promise<void> {
  const { service } = container;
  const cpuSeconds = total(await metricsAt(metricsOf(container)), 'process_cpu_seconds_total');
  const { memoryLimit } = manifestOf(service);
  const bytes = await memoryOf(container);
  const memory = `${(bytes / 2 ** 20).toFixed(0)} of ${memoryLimit / 2 ** 20} MiB`;
  process.stdout.write(`containers: ${service} after ${pages} pages: ${memory}, ${cpuSeconds.toFixed(2)} s of CPU\n`);
  expect({ service, memory, hasRoom: bytes <= memoryLimit * MEMORY_SHARE }).toMatchObject({ hasRoom: true });
}

/** Waits until a container has started and is ready, and reports how long that took. */
async function expectStart(container: RunningContainer): Promise<void> {
  const { listeningMs, readyMs } = await startTimesOf(container);
  const times = `start to listening ${listeningMs} ms, start to ready ${readyMs} ms`;
  process.stdout.write(`containers: ${container.service}: ${times}\n`);
}

describe('the shop in containers', () => {
  let shop: ContainerShop;

  beforeAll(async () => {
    await (await imageBuilder())(projectPath());
    shop = await startContainerShop();
    await Promise.all(served.map((service) => expectStart(shop.container(service))));
  }, 600_000);

  afterAll(async () => {
    await shop?.[Symbol.asyncDispose]();
  });

  it('serves the load generator within the memory limits', async () => {
    const load = await shop.run('loadgenerator', {
      RATE: '4',
      USERS: '4',
      WAIT_SCALE: '0',
      MAX_ERROR_RATIO: '1',
      LOG_LEVEL: 'info',
    });
    await eventually('it has loaded pages', async () => (await answeredTo(load)) >= PAGES);
    await eventually('it has placed orders', async () => (await answeredTo(load, { page: 'checkout' })) >= ORDERS);
    await expectRoom(load, PAGES);
    await docker('stop', '--time=30', load.name);
    expect(await exitCodeOf(load)).toBe(0);
    const report = (await logOf(load)).find(({ msg }) => msg === 'load report')?.report as Report | undefined;
    // The load generator waits ten seconds for a page, which may be too short while other tests use the machine.
    const { TIMEOUT: _late, ...failures } = report?.errorsByReason ?? { reported: 0 };
    expect(failures).toEqual({});
    const { pages: submitted, errors: unanswered } = report?.byPage.checkout ?? { pages: Number.NaN, errors: 0 };
    const checkout = metricsOf(shop.container('checkoutservice'));
    const confirmed = async () =>
      total(await metricsAt(checkout), 'mercato_orders_ended_total', { outcome: 'confirmed' });
    await eventually('every order is confirmed', async () => (await confirmed()) >= submitted - unanswered);
    await eventually('every mail has arrived', async () => shop.mails() === (await confirmed()));
    await Promise.all(served.map((service) => expectRoom(shop.container(service), report?.pages ?? 0)));
  });

  it('serves the load generator with the configuration of its manifest', async () => {
    const load = await shop.run('loadgenerator');
    await eventually('it has loaded some pages', async () => (await answeredTo(load)) >= 20);
    await expectRoom(load, await answeredTo(load));
    await docker('stop', '--time=30', load.name);
    expect(await exitCodeOf(load)).toBe(0);
  });

  it('finishes the requests in flight after SIGTERM and exits with 0', async () => {
    const slow = await shop.run('productcatalogservice', { EXTRA_LATENCY: '2s' });
    using client = testClient(ProductCatalogServiceDefinition, slow.address);
    await eventually('it answers', async () => (await failureOfCall(client.listProducts({}))) === 'OK');
    const inFlight = failureOfCall(client.listProducts({}));
    const calls = async (): Promise<number> => total(await metricsAt(metricsOf(slow)), 'rpc_server_active_calls');
    await eventually('the call is in flight', async () => (await calls()) > 0);
    await docker('kill', '--signal=TERM', slow.name);
    expect(await inFlight).toBe('OK');
    expect(await exitCodeOf(slow)).toBe(0);
  });

  it('exits with 0 after SIGTERM, within the grace period of its manifest', async () => {
    const stop = async (service: ServiceName): Promise<{ service: ServiceName; exit: number }> => {
      const container = shop.container(service);
      // After the grace period `docker stop` sends SIGKILL, which results in exit code 137.
      await docker('stop', `--time=${manifestOf(service).graceSeconds}`, container.name);
      return { service, exit: await exitCodeOf(container) };
    };
    expect(await Promise.all(served.map(stop))).toEqual(served.map((service) => ({ service, exit: 0 })));
  });

  it('starts without Redis, is not ready, and becomes ready when Redis is there', async () => {
    const cart = await shop.run('cartservice', { REDIS_ADDR: 'redis-cart:6380' });
    // The readiness probe of the manifest.
    const alive = async () => await healthOf(cart.address, 1000, LIVENESS);
    const ready = async () => await healthOf(cart.address, 1000, 'hipstershop.CartService');
    await eventually('the container is alive', async () => (await alive().catch(String)) === 'SERVING');
    expect(await ready()).toBe('NOT_SERVING');
    await using _redis = await shop.startRedis(6380);
    await eventually('it is ready', async () => (await ready()) === 'SERVING');
    await docker('stop', '--time=30', cart.name);
    expect(await exitCodeOf(cart)).toBe(0);
  });

  it('logs every problem of the configuration and exits with 1', async () => {
    const broken = await shop.run('checkoutservice', {
      CART_SERVICE_ADDR: 'nowhere',
      PORT: '99999',
      PAYMENT_SERVICE_ADDR: '',
    });
    expect(await exitCodeOf(broken)).toBe(1);
    const text = await printedBy(broken.name);
    for (const line of [
      'CART_SERVICE_ADDR=nowhere: expected host:port',
      'PORT=99999: expected',
      'PAYMENT_SERVICE_ADDR is missing',
    ]) {
      expect(text).toContain(line);
    }
  });
});

type Report = {
  readonly pages: number;
  readonly errorsByReason: Readonly<Record<string, number>>;
  readonly byPage: Readonly<Record<string, { readonly pages: number; readonly errors: number }>>;
};
