import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { projectPath } from '../lib/runtime/project-root.ts';
import { type EmbeddedDatabase, openEmbeddedDatabase } from '../lib/store/embedded-database.ts';
import { freePort } from '../lib/testing/free-port.ts';
import { sharedPostgres } from '../lib/testing/postgres-administration.ts';
import { temporaryFolder } from '../lib/testing/temporary-folder.ts';
import { TEST_START_MS } from '../lib/testing/test-runtime.ts';
import { purchaseOf } from './store/order-store.contract.ts';
import { openLmdbOrderStore } from './store/order-store.lmdb.ts';

const execute = promisify(execFile);
const TOOL = projectPath('dist', 'checkoutservice', 'orders.js');

describe('the orders tool, while another process uses the same data', () => {
  const folder = temporaryFolder();
  let database: EmbeddedDatabase;

  beforeAll(async () => {
    database = await openEmbeddedDatabase({ dataDirectory: folder.path, service: 'checkoutservice' });
  });

  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const orders = async (args: readonly string[], env: Readonly<Record<string, string>> = { DATA_DIR: folder.path }) => {
    return await execute(process.execPath, [TOOL, ...args], { env }).then(
      ({ stdout }) => ({ code: 0, text: stdout }),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, text: stderr }),
    );
  };

  it('refunds an order of the other process, which sees it at once', async () => {
    const store = openLmdbOrderStore({ database, newId: randomUUID });
    const { order } = await store.create(purchaseOf({ orderId: 'order-1' }), TEST_START_MS);
    await store.append(order, { type: 'charged', transactionId: 'tx', timeMs: TEST_START_MS }, []);
    expect(await orders(['list'])).toEqual({ code: 0, text: expect.stringContaining('order-1  PAID') });
    const refund = await orders(['refund', 'order-1', '--by', 'olga', '--why', 'damaged in the store']);
    expect(refund).toEqual({ code: 0, text: expect.stringContaining('is REFUNDING') });
    expect((await store.events('order-1')).at(-1)).toMatchObject({ by: 'olga', why: 'damaged in the store' });
    expect((await store.get('order-1'))?.state).toBe('REFUNDING');
  });

  it('exits with 1 and one line for what is impossible, and with 2 and its usage for what it cannot read', async () => {
    expect(await orders(['show', 'unknown'])).toEqual({ code: 1, text: 'orders: no order has the id unknown\n' });
    expect(await orders(['refund', 'order-1'])).toEqual({
      code: 2,
      text: expect.stringMatching(/--why.*\n\n.*DATA_DIR/s),
    });
    expect(await orders(['list'], { DATA_DIR: '/dev/null/orders' })).toEqual({
      code: 1,
      text: expect.stringMatching(/^orders: DATA_DIR=\/dev\/null\/orders: .*\n$/),
    });
  });

  it('works on PostgreSQL when DATABASE_URL is set, and says when the server is away', async () => {
    const url = await sharedPostgres().create(`tool_${randomUUID().replaceAll('-', '')}`);
    expect(await orders(['list'], { DATABASE_URL: url })).toEqual({ code: 0, text: 'no orders\n' });
    const away = `postgres://shop@127.0.0.1:${await freePort()}/shop`;
    expect(await orders(['list'], { DATABASE_URL: away })).toEqual({
      code: 1,
      text: expect.stringMatching(/^orders: .+\n$/),
    });
  });
});
