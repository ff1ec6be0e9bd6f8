import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { startPostgres, type TestPostgres } from '../../src/lib/testing/postgres-server.ts';
import { startTcpProxy } from '../../src/lib/testing/tcp-proxy.ts';
import { databaseServices } from '../../src/topology.ts';
import { readLedgers } from '../crash/ledgers.ts';
import { type Buyer, buyOnce } from '../crash/shopper.ts';
import { failuresIn, judge, type Purchase, strangers } from '../crash/verdict.ts';
import { type LaunchedShop, launchOpen, processOf } from './launched-shop.ts';
import { checkoutForm, hiddenFields, MUG, webShopper } from './web-shopper.ts';

const ORDERS = 16;
const SHOPPERS_AT_ONCE = 4;
const OUTAGE = 'Nothing was charged';

type Fault = () => unknown;

async function buy(shop: LaunchedShop): Promise<Buyer> {
  const buyer: Buyer = { email: 'ann@example.com', userId: '', attempts: [], orderId: '' };
  await buyOnce(shop.url(), buyer);
  return buyer;
}

/** What each shopper bought, and the orders that checkoutservice has stored for the shopper. */
async function purchasesOf(run: TestPostgres['run'], buyers: readonly Buyer[]): Promise<Purchase[]> {
  const rows = await run('SELECT user_id, order_id, state FROM order_rows', 'checkoutservice');
  return buyers.map((buyer) => {
    const own = rows.filter(({ user_id: userId }) => userId === buyer.userId);
    const orders = own.map(({ order_id: orderId, state }) => ({
      orderId: String(orderId),
      isFinal: state === 'CONFIRMED' || state === 'REJECTED',
    }));
    return { ...buyer, orders };
  });
}

/** Lets shoppers buy until each order is placed, and injects one fault after every two orders. */
async function buyDuring(shop: LaunchedShop, faults: readonly Fault[]): Promise<Buyer[]> {
  const buyers: Buyer[] = [];
  let begun = 0;
  const buyUntilSoldOut = async (): Promise<void> => {
    while (begun < ORDERS) {
      begun += 1;
      buyers.push(await buy(shop));
    }
  };
  const injectFaults = async (): Promise<void> => {
    for (const [index, inject] of faults.entries()) {
      const orders = (index + 1) * 2;
      await eventually(`${orders} orders were placed`, () => buyers.length >= orders);
      await inject();
    }
  };
  await Promise.all([injectFaults(), ...Array.from({ length: SHOPPERS_AT_ONCE }, buyUntilSoldOut)]);
  return buyers;
}

/** Waits until every order is final, and ends the shop. */
async function finish(shop: LaunchedShop, { run }: Pick<TestPostgres, 'run'>): Promise<void> {
  await eventually('no order and no task is unfinished', async () => {
    const moving = 'SELECT FROM order_rows WHERE is_moving UNION ALL SELECT FROM outbox_tasks';
    return (await run(moving, 'checkoutservice')).length === 0;
  });
  shop.process.kill('SIGINT');
  await shop.exited;
}

/** Each order was charged and shipped once, or rejected, by the ledgers of payment and shipping. */
async function expectNoLoss(
  { run, port }: Pick<TestPostgres, 'run' | 'port'>,
  buyers: readonly Buyer[],
): Promise<void> {
  const purchases = await purchasesOf(run, buyers);
  const ledgers = await readLedgers({ databaseUrl: urlAt(`127.0.0.1:${port}`) });
  expect(purchases).toHaveLength(ORDERS);
  expect(failuresIn(judge(ledgers, purchases))).toEqual([]);
  // An order is rejected when its process was killed before the charge: the card was in memory only.
  expect(judge(ledgers, purchases).charges).toBeGreaterThan(ORDERS / 2);
  expect(strangers(ledgers, purchases)).toBe(0);
}

const urlAt = (address: string): string => `postgres://{service}:secret@${address}/{service}`;

/** Creates the databases and users with the SQL of the documentation, with one password for all. */
async function createDatabases({ run }: TestPostgres): Promise<void> {
  const page = readFileSync(projectPath('docs', 'postgresql.md'), 'utf8');
  const [, sql = ''] = /```sql\n(.*?)```/s.exec(page) ?? [];
  const statements = sql
    .replaceAll(/change-me-\d/g, 'secret')
    .split(';')
    .slice(0, -1);
  expect(statements).toHaveLength(3 * databaseServices.length);
  for (const statement of statements) await run(statement);
}

describe('a shop on PostgreSQL', () => {
  let server: TestPostgres;
  let url: string;

  beforeAll(async () => {
    server = await startPostgres();
    await createDatabases(server);
    url = urlAt(`127.0.0.1:${server.port}`);
  });
  afterAll(async () => await server[Symbol.asyncDispose]());

  it('lets no service connect to the database of another one', async () => {
    for (const user of databaseServices) {
      for (const database of databaseServices) {
        const client = new Client({
          host: '127.0.0.1',
          port: server.port,
          user,
          password: 'secret',
          database,
          ssl: false,
        });
        const connected = client.connect().then(
          () => 'connected',
          (error: Error) => error.message,
        );
        const expected = user === database ? 'connected' : `permission denied for database "${database}"`;
        expect(`${user}: ${await connected}`).toBe(`${user}: ${expected}`);
        await client.end();
      }
    }
  });

  it('charges and ships each order once while services are killed and the server is stopped and killed', async () => {
    await using shop = await launchOpen({ PER_SERVICE: 'true', DATABASE_URL: url, ORDER_LEASE_MS: '2000' });
    const kill = (service: Parameters<typeof processOf>[1]) => () =>
      process.kill(processOf(shop, service).pid, 'SIGKILL');
    const restart = (end: () => Promise<void>) => async () => {
      await end();
      await server.start();
    };
    const buyers = await buyDuring(shop, [
      kill('checkoutservice'),
      restart(server.stop),
      kill('paymentservice'),
      restart(server.kill),
      kill('checkoutservice'),
    ]);
    await finish(shop, server);
    await expectNoLoss(server, buyers);
  });

  it('says that nothing was charged while the server is away, and sells again when it is back', async () => {
    await using shop = await launchOpen({ DATABASE_URL: url });
    const shopper = webShopper(shop.url());
    await shopper.post('/cart', { product_id: MUG, quantity: '1' });
    const before = await countCharges(server);
    await server.stop();
    const form = checkoutForm(hiddenFields((await shopper.get('/cart')).body));
    const refused = await shopper.post('/cart/checkout', form);
    expect(refused.status).toBe(503);
    expect(refused.body).toContain(OUTAGE);
    await server.start();
    expect(await countCharges(server)).toBe(before);
    const again = await shopper.post('/cart/checkout', checkoutForm(hiddenFields(refused.body)));
    expect([again.status, again.location]).toEqual([303, expect.stringContaining('/order/')]);
  });

  it('says that nothing was charged while checkoutservice gets no connection, and sells again when it gets one', async () => {
    await using shop = await launchOpen({ DATABASE_URL: url });
    const shopper = webShopper(shop.url());
    await shopper.post('/cart', { product_id: MUG, quantity: '1' });
    const before = await countCharges(server);
    await server.run('ALTER ROLE checkoutservice CONNECTION LIMIT 0');
    const connections = `FROM pg_stat_activity WHERE usename = 'checkoutservice'`;
    await server.run(`SELECT pg_terminate_backend(pid) ${connections}`);
    await eventually('no connection is open', async () => (await server.run(`SELECT ${connections}`)).length === 0);
    const form = checkoutForm(hiddenFields((await shopper.get('/cart')).body));
    const refused = await shopper.post('/cart/checkout', form);
    expect([refused.status, refused.body]).toEqual([503, expect.stringContaining(OUTAGE)]);
    expect(await countCharges(server)).toBe(before);
    await server.run('ALTER ROLE checkoutservice CONNECTION LIMIT -1');
    const again = await shopper.post('/cart/checkout', checkoutForm(hiddenFields(refused.body)));
    expect([again.status, again.location]).toEqual([303, expect.stringContaining('/order/')]);
  });

  it('starts while the server is away, and sells when the server is there', async () => {
    await server.stop();
    await using shop: LaunchedShop = await launchOpen({ DATABASE_URL: url });
    await server.start();
    expect((await buy(shop)).orderId).not.toBe('');
  });
});

describe('a shop on PostgreSQL with a synchronous standby', () => {
  it('keeps each order when the server is lost in the middle of orders and the standby takes over', async () => {
    await using server = await startPostgres();
    await createDatabases(server);
    await using standby = await server.startStandby();
    await using proxy = await startTcpProxy(`127.0.0.1:${server.port}`);
    await using shop = await launchOpen({ DATABASE_URL: urlAt(proxy.address), ORDER_LEASE_MS: '2000' });
    const buyers = await buyDuring(shop, [
      async () => {
        await server.kill();
        await standby.promote();
        proxy.forwardTo(`127.0.0.1:${standby.port}`);
      },
    ]);
    await finish(shop, standby);
    await expectNoLoss(standby, buyers);
  });
});

async function countCharges({ run }: TestPostgres): Promise<unknown> {
  return (await run('SELECT count(*) FROM charges', 'paymentservice'))[0]?.count;
}
