import { createServer } from 'node:net';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { childrenOf, isAlive } from '../../src/lib/testing/processes.ts';
import { serviceNames } from '../../src/topology.ts';
import { type LaunchedShop, launch, launchOpen } from './launched-shop.ts';

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.status;
}

async function isAvailable(url: string): Promise<boolean> {
  try {
    return (await statusOf(url)) === 200;
  } catch {
    return false;
  }
}

/** The processes of the services of a shop. */
function servicesOf(shop: LaunchedShop): { readonly pid: number; readonly service: string }[] {
  return childrenOf(pidOf(shop)).map(({ pid, command }) => ({ pid, service: command.split(' ').at(-1) ?? '' }));
}

function pidOf(shop: LaunchedShop): number {
  const { pid } = shop.process;
  if (pid === undefined) throw new Error('the launcher has no process');
  return pid;
}

/** Sends a signal to the first process of a service and returns its id. */
function signalOne(
  signal: NodeJS.Signals,
  processes: readonly { pid: number; service: string }[],
  service: string,
): number {
  const found = processes.find((one) => one.service === service);
  if (found === undefined) throw new Error(`no process of ${service}`);
  process.kill(found.pid, signal);
  return found.pid;
}

describe('the launcher', () => {
  it('starts the whole shop in one process, prints its address, and stops it on Ctrl-C', async () => {
    await using shop = await launchOpen({});
    for (const name of serviceNames) expect(shop.stdout()).toContain(name);
    expect(shop.stdout()).toMatch(/Watch {2}off\n/);
    expect(await statusOf(`${shop.url()}/`)).toBe(200);
    expect(servicesOf(shop)).toEqual([]);
    shop.process.kill('SIGINT');
    expect(await shop.exited).toBe(0);
    expect(await isAvailable(`${shop.url()}/`)).toBe(false);
    expect(shop.stderr()).toBe('');
  });

  it('names a port that is in use, in one line', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => {
        const address = other.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    try {
      await using shop = launch({ PORT: String(port) });
      expect(await shop.exited).toBe(1);
      expect(shop.stderr()).toBe(
        `Port ${port} is in use: choose another one with PORT, as in: make run PORT=${port + 1}\n`,
      );
      expect(shop.stdout()).toBe('');
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  it('lists every problem of its configuration and starts nothing', async () => {
    await using shop = launch({ PORT: 'eighty', REPLICAS: '99', LOG_LEVEL: 'loud' });
    expect(await shop.exited).toBe(1);
    for (const name of ['PORT=eighty', 'REPLICAS=99', 'LOG_LEVEL=loud']) expect(shop.stderr()).toContain(name);
  });

  it('names the variable of a service that is invalid', async () => {
    await using shop = launch({ REDIS_ADDR: 'no port' });
    expect(await shop.exited).toBe(1);
    expect(shop.stderr()).toContain('REDIS_ADDR=no port: expected host:port');
  });

  it('runs one process per service, restarts one that dies, and all of them exit when the launcher is killed', async () => {
    await using shop = await launchOpen({ PER_SERVICE: '1' });
    const all = serviceNames.filter((name) => name !== 'loadgenerator');
    const before = servicesOf(shop);
    expect(before.map(({ service }) => service).sort()).toEqual([...all].sort());
    expect(await statusOf(`${shop.url()}/`)).toBe(200);

    const killed = signalOne('SIGKILL', before, 'productcatalogservice');
    await eventually('the page is available again', () => isAvailable(`${shop.url()}/`));
    const after = servicesOf(shop);
    expect(after.map(({ service }) => service).sort()).toEqual([...all].sort());
    expect(after.map(({ pid }) => pid)).not.toContain(killed);
    await eventually('the restart is logged with its address', () =>
      /"listening":"127\.0\.0\.1:\d+","msg":"service restarted"/.test(shop.stdout()),
    );

    shop.process.kill('SIGKILL');
    expect(await shop.exited).toBe('SIGKILL');
    await eventually('every service has exited', () => after.every(({ pid }) => !isAlive(pid)));
  });

  it('runs replicas that share the calls, answers all pages when one dies, and kills one that hangs on Ctrl-C', async () => {
    await using shop = await launchOpen({ REPLICAS: '2', SHUTDOWN_LIMIT_MS: '3000' });
    const rows = shop.stdout().split('\n');
    const rowsOf = (name: string): string[] => rows.filter((row) => row.startsWith(`  ${name} `));
    expect(rowsOf('currencyservice')).toHaveLength(2);
    expect(rowsOf('frontend')).toHaveLength(2);
    expect(rowsOf('cartservice')).toHaveLength(2);
    expect(await statusOf(`${shop.url()}/`)).toBe(200);
    signalOne('SIGKILL', servicesOf(shop), 'productcatalogservice');
    const statuses = await Promise.all(Array.from({ length: 10 }, () => statusOf(`${shop.url()}/`)));
    expect(statuses).toEqual(Array.from({ length: 10 }, () => 200));

    const services = servicesOf(shop);
    signalOne('SIGSTOP', services, 'frontend');
    shop.process.kill('SIGINT');
    expect(await shop.exited).toBe(0);
    expect(services.filter(({ pid }) => isAlive(pid))).toEqual([]);
  });
});
