import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EmbeddedDatabase, openEmbeddedDatabase } from '../../lib/store/embedded-database.ts';
import { encodeJson } from '../../lib/store/json-codec.ts';
import { temporaryFolder } from '../../lib/testing/temporary-folder.ts';
import { TEST_START_MS, testRuntime } from '../../lib/testing/test-runtime.ts';
import { itServesOperators } from '../operator/run-operator-command.contract.ts';
import { itOperatesOnOrders } from './order-operations.contract.ts';
import { itKeepsOrders, itLeasesToOneProcess, purchaseOf } from './order-store.contract.ts';
import { openLmdbOrderStore } from './order-store.lmdb.ts';
import type { OrderOperations, OrderStore } from './order-store.ts';

const PROJECTION = ['orders', 'ids-by-user', 'ids-by-cart', 'unfinished', 'interventions'];

describe('the order store on LMDB', () => {
  const folder = temporaryFolder();
  const { newId } = testRuntime();
  const open = async () => {
    const database = await openEmbeddedDatabase({ dataDirectory: folder.path, service: 'checkoutservice' });
    return { database, store: openLmdbOrderStore({ database, newId }) };
  };
  let close: () => Promise<void> = async () => {};
  let store: OrderStore & OrderOperations;
  let shared: EmbeddedDatabase;

  const reopen = async (): Promise<void> => {
    await close();
    const opened = await open();
    store = opened.store;
    shared = opened.database;
    close = async () => await opened.database[Symbol.asyncDispose]();
  };

  beforeAll(reopen);

  afterAll(async () => {
    await close();
    folder[Symbol.dispose]();
  });

  itKeepsOrders(() => store);

  itLeasesToOneProcess(
    () => store,
    () => openLmdbOrderStore({ database: shared, newId }),
  );

  itOperatesOnOrders(() => ({
    store,
    projection: async () => PROJECTION.flatMap((name) => shared.table(name).entries().map(encodeJson)),
    damageProjection: async () =>
      await shared.write(() => {
        for (const name of PROJECTION) {
          const table = shared.table(name);
          for (const { key } of table.entries().slice(1)) table.remove(key);
          table.put(['no such order', 7], name.startsWith('ids-') ? 'no such order' : { state: 'PAID' });
        }
      }),
    rawData: async () => readFileSync(join(folder.path, 'checkoutservice', 'data.mdb')),
    appendUnprojected: async (orderId, event) =>
      await shared.write(() => {
        const events = shared.table('events');
        const numbers = shared.table<number>('numbers');
        events.put([orderId, events.count([orderId]) + 1], event);
        numbers.put(['events'], (numbers.get(['events']) ?? 0) + 1);
      }),
  }));

  describe('with the tool of operators', () => itServesOperators(() => store));

  it('keeps orders, keys, leases and tasks when it is closed and opened again', async () => {
    const purchase = purchaseOf({ orderId: 'kept', userId: 'carl', cartVersion: 'v1' });
    const { order } = await store.create(purchase, TEST_START_MS);
    const charged = { type: 'charged', transactionId: 'tx', timeMs: TEST_START_MS } as const;
    const paid = await store.append(order, charged, [{ kind: 'send-confirmation' }]);
    const backlog = await store.backlog();
    await reopen();
    expect(await store.get('kept')).toEqual(paid);
    expect(await store.findByKey('carl', purchase.idempotencyKey)).toEqual(paid);
    expect(await store.create({ ...purchase, orderId: 'second' }, TEST_START_MS)).toEqual({
      order: paid,
      created: false,
    });
    expect(await store.claim('kept', TEST_START_MS)).toBeUndefined();
    expect(await store.backlog()).toEqual(backlog);
    expect((await store.claimDueTasks(TEST_START_MS, 1000)).map(({ orderId }) => orderId)).toContain('kept');
  });
});
