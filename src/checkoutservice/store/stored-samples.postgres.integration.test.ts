import { openPostgresDatabase, type PostgresDatabase } from '../../lib/store/postgres/postgres-database.ts';
import { newDatabase } from '../../lib/testing/postgres-administration.ts';
import { testRuntime } from '../../lib/testing/test-runtime.ts';
import { orderMigrations } from './order-schema.postgres.ts';
import { openPostgresOrderStore } from './order-store.postgres.ts';
import type { OrderOperations, OrderStore } from './order-store.ts';
import { itReadsTheSample } from './stored-samples.contract.ts';

// As the first version of the store wrote them. Never change them.
const PURCHASE =
  '{"orderId":"o1","userId":"ann","idempotencyKey":"cart:v1:1","currency":"EUR","lines":[{"productId":"mug","productName":"Mug","quantity":2,"unitPrice":{"currency":"EUR","nanos":{"$bigint":"7950000000"}}}],"shippingCost":{"currency":"EUR","nanos":{"$bigint":"7950000000"}},"total":{"currency":"EUR","nanos":{"$bigint":"23850000000"}},"cartVersion":"v1","sealed":{"keyId":"8f14e45f-ceea-467f-9b3c-111111111111","data":"VY33GvZU1e5hNuA0kKXNvI3rGUzjK7bz+o/oHnIhtc4eTZF4UqNIKN+6w61SrRETKHrEpvjSIpTcFcvbP/d1+sTdGKwLuh+RUb59M868ALbtKoyYI+mSffYBshxxTSmcirVzStRRQBPFPzzJzoevSpPP/U6a8YhLqaFBeo854Dx7/G09MMp7+27RY6HXoYHxSA108oABe5iH2f2Whg0b0+TYBXvPs+uT"}}';
const PROGRESS =
  '{"state":"SHIPPED","history":[{"state":"PLACED","timeMs":1795435200000,"reason":""},{"state":"PAID","timeMs":1795435200001,"reason":""},{"state":"SHIPPED","timeMs":1795435200002,"reason":""}],"version":3,"reason":"","open":{"refund":false,"shipment":false},"refused":{"refund":false,"shipment":false},"needsIntervention":false,"transactionId":"tx","charged":{"currency":"EUR","nanos":{"$bigint":"23850000000"}},"trackingId":"parcel"}';
const ROWS = [
  `INSERT INTO orders (order_id) VALUES ('o1')`,
  `INSERT INTO order_events (order_id, number, event) VALUES
    ('o1', 1, '{"type":"placed","purchase":${PURCHASE},"timeMs":1795435200000}'),
    ('o1', 2, '{"type":"charged","transactionId":"tx","timeMs":1795435200001}'),
    ('o1', 3, '{"type":"shipped","trackingId":"parcel","timeMs":1795435200002}')`,
  `INSERT INTO order_rows (order_id, number, user_id, cart_version, placed_ms, version, state, is_moving, needs_intervention,
    purchase, progress) SELECT 'o1', number, 'ann', 'v1', 1795435200000, 3, 'SHIPPED', true, false, '${PURCHASE}', '${PROGRESS}'
    FROM orders`,
  `INSERT INTO order_keys VALUES ('ann', 'cart:v1:1', 'o1')`,
  `INSERT INTO user_keys VALUES ('ann', '8f14e45f-ceea-467f-9b3c-111111111111', 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=')`,
];
const FIRST_MIGRATION = '0001-orders';

describe('an order that the first version of the store on PostgreSQL wrote', () => {
  const runtime = testRuntime();
  let database: PostgresDatabase;
  let store: OrderStore & OrderOperations;

  beforeAll(async () => {
    const address = await newDatabase();
    const first = { [FIRST_MIGRATION]: orderMigrations[FIRST_MIGRATION] ?? '' };
    {
      await using old = await openPostgresDatabase({ address, migrations: first, runtime: testRuntime() });
      for (const row of ROWS) await old.query(row);
    }
    database = await openPostgresDatabase({ address, migrations: orderMigrations, runtime });
    store = openPostgresOrderStore({ database, newId: runtime.newId });
  });
  afterAll(async () => await database[Symbol.asyncDispose]());

  itReadsTheSample(() => store);
});
