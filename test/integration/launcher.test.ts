import { createServer } from 'node:net';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { isAlive } from '../../src/lib/testing/processes.ts';
import { serviceNames } from '../../src/topology.ts';
import { launch, launchOpen, processOf, serviceProcesses } from './launched-shop.ts';

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

describe('the launcher', () => {
  it('starts the whole shop in one process, prints its address, and stops it on Ctrl-C', async () => {
    await using shop = await launchOpen({});
    for (const name of serviceNames) expect(shop.stdout()).toContain(name);
    expect(shop.stdout()).toMatch(/Watch {2}off\n/);
    expect(await statusOf(`${shop.url()}/`)).toBe(200);
    expect(serviceProcesses(shop)).toEqual([]);
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
    const before = serviceProcesses(shop);
    expect(before.map(({ service }) => service).sort()).toEqual([...all].sort());
    expect(await statusOf(`${shop.url()}/`)).toBe(200);

    const { pid: killed } = processOf(shop, 'productcatalogservice');
    process.kill(killed, 'SIGKILL');
    await eventually('the page is available again', () => isAvailable(`${shop.url()}/`));
    const after = serviceProcesses(shop);
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
    process.kill(processOf(shop, 'productcatalogservice').pid, 'SIGKILL');
    const statuses = await Promise.all(Array.from({ length: 10 }, () => statusOf(`${shop.url()}/`)));
    expect(statuses).toEqual(Array.from({ length: 10 }, () => 200));

    const services = serviceProcesses(shop);
    process.kill(processOf(shop, 'frontend').pid, 'SIGSTOP');
    shop.process.kill('SIGINT');
    expect(await shop.exited).toBe(0);
    expect(services.filter(({ pid }) => isAlive(pid))).toEqual([]);
  });
});
