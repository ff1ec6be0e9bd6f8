import type { Migrations } from '../../lib/store/postgres/migrate.ts';

/**
 * The schema of the orders. The events are the truth, with `orders`, `user_keys`, `order_keys` and the outbox; `order_rows` is
 * the projection and can be rebuilt.
 */
export const orderMigrations: Migrations = {
  '0001-orders': `
    -- The number of each order, which grows with each order of the store, and its lease.
    CREATE TABLE orders (
      order_id text PRIMARY KEY,
      number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
      lease_owner text,
      lease_until_ms bigint NOT NULL DEFAULT 0
    );
    CREATE TABLE order_events (
      order_id text NOT NULL REFERENCES orders,
      number integer NOT NULL,
      position bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
      event jsonb NOT NULL,
      PRIMARY KEY (order_id, number)
    );
    CREATE TABLE order_rows (
      order_id text PRIMARY KEY,
      number bigint NOT NULL,
      user_id text NOT NULL,
      cart_version text,
      placed_ms bigint NOT NULL,
      version integer NOT NULL,
      state text NOT NULL,
      is_moving boolean NOT NULL,
      needs_intervention boolean NOT NULL,
      purchase jsonb NOT NULL,
      progress jsonb NOT NULL
    );
    CREATE INDEX order_rows_of_user ON order_rows (user_id, number);
    CREATE INDEX order_rows_moving ON order_rows (number) WHERE is_moving;
    CREATE INDEX order_rows_needing_intervention ON order_rows (number) WHERE needs_intervention;
    -- At most one order of a version of a cart that is not rejected.
    CREATE UNIQUE INDEX order_rows_of_cart ON order_rows (user_id, cart_version) WHERE state <> 'REJECTED';
    -- The idempotency keys that stand for an order. An order that frees its key has none.
    CREATE TABLE order_keys (
      user_id text NOT NULL,
      idempotency_key text NOT NULL,
      order_id text NOT NULL,
      PRIMARY KEY (user_id, idempotency_key)
    );
    CREATE INDEX order_keys_of_order ON order_keys (order_id);
    -- The keys that seal the personal data of each user.
    CREATE TABLE user_keys (
      user_id text PRIMARY KEY,
      key_id text NOT NULL,
      secret text NOT NULL
    );
    CREATE TABLE outbox_tasks (
      task_id text PRIMARY KEY,
      order_id text NOT NULL,
      kind text NOT NULL,
      tries integer NOT NULL DEFAULT 0,
      traceparent text,
      due_at_ms bigint NOT NULL,
      is_dead_lettered boolean NOT NULL DEFAULT false
    );
    CREATE INDEX outbox_tasks_due ON outbox_tasks (due_at_ms, task_id) WHERE NOT is_dead_lettered;`,
  '0002-store-events': `
    -- The actions of operators that belong to no single order.
    CREATE TABLE store_events (
      number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      event jsonb NOT NULL
    );`,
};
