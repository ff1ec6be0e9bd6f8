import type { StoreAdapters } from '../../lib/store/postgres/with-store.ts';
import { orderMigrations } from './order-schema.postgres.ts';
import { openLmdbOrderStore } from './order-store.lmdb.ts';
import { openPostgresOrderStore } from './order-store.postgres.ts';
import type { OrderOperations, OrderStore } from './order-store.ts';

/** @param options.leaseMs duration of a lease, in milliseconds */
export function orderAdapters(options: {
  readonly newId: () => string;
  readonly leaseMs?: number;
}): StoreAdapters<OrderStore & OrderOperations> {
  return {
    postgres: { migrations: orderMigrations, open: (database) => openPostgresOrderStore({ ...options, database }) },
    lmdb: { open: (database) => openLmdbOrderStore({ ...options, database }) },
  };
}
