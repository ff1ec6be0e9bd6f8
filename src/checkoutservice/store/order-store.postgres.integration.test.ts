import { encodeJson } from '../../lib/store/json-codec.ts';
import { openPostgresDatabase, type PostgresDatabase } from '../../lib/store/postgres/postgres-database.ts';
import { newDatabase } from '../../lib/testing/postgres-administration.ts';
import { TEST_START_MS, testRuntime } from '../../lib/testing/test-runtime.ts';
import { itServesOperators } from '../operator/run-operator-command.contract.ts';
import { itOperatesOnOrders } from './order-operations.contract.ts';
import { orderMigrations } from './order-schema.postgres.ts';
import { itKeepsOrders, itLeasesToOneProcess, purchaseOf } from './order-store.contract.ts';
import { openPostgresOrderStore } from './order-store.postgres.ts';
import type { OrderOperations, OrderStore } from './order-store.ts';

const TABLES = ['orders', 'order_events', 'order_rows', 'order_keys', 'user_keys', 'outbox_tasks'];

describe('the order store on PostgreSQL', () => {
  const runtime = testRuntime();
  const { newId } = runtime;
  let database: PostgresDatabase;
  let store: OrderStore & OrderOperations;

  const textsOf = async (table: string): Promise<readonly string[]> => {
    const rows = await database.query<{ readonly row: string }>(
      `SELECT ${table}::text AS row FROM ${table} ORDER BY 1`,
    );
    return rows.map(({ row }) => row);
  };

  beforeAll(async () => {
    database = await openPostgresDatabase({ address: await newDatabase(), migrations: orderMigrations, runtime });
    store = openPostgresOrderStore({ database, newId });
  });
  afterAll(async () => await database[Symbol.asyncDispose]());

  itKeepsOrders(() => store);

  itLeasesToOneProcess(
    () => store,
    () => openPostgresOrderStore({ database, newId }),
  );

  itOperatesOnOrders(() => ({
    store,
    projection: async () => await textsOf('order_rows'),
    damageProjection: async () => {
      await database.query('DELETE FROM order_rows WHERE number % 2 = 0');
      await database.query(
        `INSERT INTO order_rows SELECT 'no such order', 0, user_id, NULL, placed_ms, 1, 'PAID', true, true, purchase, progress
        FROM order_rows LIMIT 1`,
      );
    },
    rawData: async () => Buffer.from((await Promise.all(TABLES.map(textsOf))).flat().join('\n')),
    appendUnprojected: async (orderId, event) => {
      const statement = `INSERT INTO order_events (order_id, number, event)
        SELECT $1, max(number) + 1, $2 FROM order_events WHERE order_id = $1`;
      await database.query(statement, [orderId, encodeJson(event)]);
    },
  }));

  describe('with the tool of operators', () => itServesOperators(() => store));

  it('appends an event, its tasks, the row and the lease with one statement', async () => {
    const statements: string[] = [];
    const query: PostgresDatabase['query'] = async (statement, values) => {
      statements.push(statement);
      return await database.query(statement, values);
    };
    const counted = openPostgresOrderStore({ database: { ...database, query }, newId });
    const { order } = await counted.create(purchaseOf({ orderId: 'counted', userId: 'emil' }), TEST_START_MS);
    expect(statements).toHaveLength(1);
    const charged = { type: 'charged', transactionId: 'tx', timeMs: TEST_START_MS } as const;
    await counted.append(order, charged, [{ kind: 'send-confirmation' }, { kind: 'empty-cart' }]);
    expect(statements).toHaveLength(2);
  });

  it('seals the orders of a user with one key, also when they are placed at the same time', async () => {
    const purchases = Array.from({ length: 10 }, (_, n) => purchaseOf({ orderId: `sealed-${n}`, userId: 'fred' }));
    const all = await Promise.all(purchases.map((purchase) => store.create(purchase, TEST_START_MS)));
    for (const { order } of all) expect(await store.get(order.purchase.orderId)).toEqual(order);
  });

  it('places no order with a key of personal data that is being erased', async () => {
    const confirm = async (orderId: string): Promise<void> => {
      const { order } = await store.create(purchaseOf({ orderId, userId: 'gina' }), TEST_START_MS);
      await store.append(order, { type: 'rejected', reason: 'CARD_DECLINED', timeMs: TEST_START_MS }, []);
    };
    for (let round = 0; round < 10; round += 1) {
      await confirm(`erased-${round}`);
      const next = store.create(purchaseOf({ orderId: `next-${round}`, userId: 'gina' }), TEST_START_MS);
      const [{ order }] = await Promise.all([next, store.erase('gina', { by: 'olga', why: 'test' }, TEST_START_MS)]);
      expect((await store.get(order.purchase.orderId))?.purchase.email).toBe(order.purchase.email);
      await store.append(order, { type: 'rejected', reason: 'CARD_DECLINED', timeMs: TEST_START_MS }, []);
    }
  });
});
