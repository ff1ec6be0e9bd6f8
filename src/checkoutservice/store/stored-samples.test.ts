import { type EmbeddedDatabase, openEmbeddedDatabase } from '../../lib/store/embedded-database.ts';
import { decodeJson, encodeJson } from '../../lib/store/json-codec.ts';
import { temporaryFolder } from '../../lib/testing/temporary-folder.ts';
import { TEST_START_MS, testRuntime } from '../../lib/testing/test-runtime.ts';
import { openLmdbOrderStore } from './order-store.lmdb.ts';
import type { OrderOperations, OrderStore } from './order-store.ts';
import { itReadsTheSample } from './stored-samples.contract.ts';

// As the first version of the store wrote them, when addresses were not sealed. Never change them.
const PURCHASE =
  '{"orderId":"o1","userId":"ann","idempotencyKey":"cart:v1:1","email":"ann@example.com","address":{"streetAddress":"Rue 1","city":"Lyon","state":"","country":"France","zipCode":0,"postalCode":"06000"},"currency":"EUR","lines":[{"productId":"mug","productName":"Mug","quantity":2,"unitPrice":{"currency":"EUR","nanos":{"$bigint":"7950000000"}}}],"shippingCost":{"currency":"EUR","nanos":{"$bigint":"7950000000"}},"total":{"currency":"EUR","nanos":{"$bigint":"23850000000"}},"cartVersion":"v1"}';
const EVENTS = [
  `{"type":"placed","purchase":${PURCHASE},"timeMs":1795435200000}`,
  '{"type":"charged","transactionId":"tx","timeMs":1795435200001}',
  '{"type":"shipped","trackingId":"parcel","timeMs":1795435200002}',
];
const ROW = `{"purchase":${PURCHASE},"state":"SHIPPED","history":[{"state":"PLACED","timeMs":1795435200000,"reason":""},{"state":"PAID","timeMs":1795435200001,"reason":""},{"state":"SHIPPED","timeMs":1795435200002,"reason":""}],"version":3,"reason":"","open":{"refund":false,"shipment":false},"refused":{"refund":false,"shipment":false},"needsIntervention":false,"transactionId":"tx","charged":{"currency":"EUR","nanos":{"$bigint":"23850000000"}},"trackingId":"parcel"}`;
const OPERATOR = { by: 'olga', why: 'asked by the shopper' };

describe('an order that the first version of the store wrote', () => {
  const folder = temporaryFolder();
  let database: EmbeddedDatabase;
  let store: OrderStore & OrderOperations;

  beforeAll(async () => {
    database = await openEmbeddedDatabase({ dataDirectory: folder.path, service: 'checkoutservice' });
    await database.write(() => {
      for (const [index, text] of EVENTS.entries()) database.table('events').put(['o1', index + 1], decodeJson(text));
      database.table('orders').put(['o1'], decodeJson(ROW));
      database.table('numbers').put(['last-order'], 1);
      database.table('numbers').put(['of', 'o1'], 1);
      database.table('ids-by-user').put(['ann', 1], 'o1');
      database.table('ids-by-cart').put(['ann', 'v1'], 'o1');
      database.table('ids-by-key').put(['ann', 'cart:v1:1'], 'o1');
      database.table('unfinished').put(['o1'], { state: 'SHIPPED', placedMs: 1_795_435_200_000 });
    });
    store = openLmdbOrderStore({ database, ...testRuntime() });
  });

  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  itReadsTheSample(() => store);

  it('can be erased when it is confirmed', async () => {
    expect(await store.erase('ann', OPERATOR, TEST_START_MS)).toEqual({ kind: 'erased', orderIds: ['o1'] });
    expect(await store.get('o1')).toMatchObject({ state: 'CONFIRMED', isErased: true, purchase: { email: '' } });
    const stored = ['events', 'orders'].flatMap((name) => database.table(name).entries().map(encodeJson)).join('\n');
    expect(stored).not.toMatch(/ann@example\.com|Rue 1|Lyon/);
    expect(stored).toContain('23850000000');
  });
});
