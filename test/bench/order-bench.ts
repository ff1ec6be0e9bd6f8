import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { type LaunchedShop, launchOpen } from '../integration/launched-shop.ts';
import type { OrderBackend } from './order-backends.ts';
import { type PlacedOrders, placeOrders } from './orders-in-flight.ts';
import { storeConfirmedOrders, storeOpenOrders } from './stored-orders.ts';

const DAY_MS = 86_400_000;
const WARM_UP_ORDERS = 100;
// Ends a hang only.
const LIMIT_MS = 3_600_000;

const launchOn = async ({ env }: OrderBackend): Promise<LaunchedShop> =>
  await launchOpen({ TRACES_EXPORTER: 'none', LOG_LEVEL: 'silent', TIME_BUDGET_FACTOR: '1', ...env });

/** Places orders with each number of calls in flight. */
export async function measurePlaceOrder(backend: OrderBackend, orders: number, inFlight: readonly number[]) {
  const rows: (PlacedOrders & { readonly inFlight: number })[] = [];
  await using shop = await launchOn(backend);
  await placeOrders(shop, WARM_UP_ORDERS, 8);
  const before = await backend.usage();
  for (const calls of inFlight) rows.push({ inFlight: calls, ...(await placeOrders(shop, orders, calls)) });
  const after = await backend.usage();
  const all = orders * inFlight.length;
  return {
    rows,
    transactionsPerOrder: (after.transactions - before.transactions) / all,
    bytesPerOrder: (after.bytes - before.bytes) / all,
  };
}

/** Seconds from the start of a shop until it has finished orders that a crash left PLACED. */
export async function measureRecovery(backend: OrderBackend, orders: number): Promise<number> {
  {
    await using opened = await backend.openStore();
    await storeOpenOrders(opened.store, orders, Date.now() - DAY_MS);
  }
  const startMs = performance.now();
  await using shop = await launchOn(backend);
  await using reader = await backend.openStore();
  await eventually(
    'no order is unfinished',
    async () => {
      if (shop.process.exitCode !== null) throw new Error(`the shop ended: ${shop.stderr()}`);
      // The backlog is computed from all unfinished orders: asking more often would slow down what is measured.
      await pause(500);
      return (await reader.store.backlog()).unfinished.size === 0;
    },
    LIMIT_MS,
  );
  return (performance.now() - startMs) / 1000;
}

/** Seconds of a rebuild of the projection. Stores the orders first, and leaves them. */
export async function measureRebuild(backend: OrderBackend, orders: number): Promise<number> {
  await using opened = await backend.openStore();
  await storeConfirmedOrders(opened.store, orders, Date.now() - DAY_MS);
  const startMs = performance.now();
  await opened.store.rebuild({ by: 'benchmark', why: 'measures a rebuild' }, Date.now());
  return (performance.now() - startMs) / 1000;
}

/** Seconds until the storefront answers, and the memory of the shop in MB after one page. */
export async function measureStart(backend: OrderBackend): Promise<{ seconds: number; memoryMb: number }> {
  const startMs = performance.now();
  await using shop = await launchOn(backend);
  await fetch(shop.url());
  const seconds = (performance.now() - startMs) / 1000;
  const status = readFileSync(`/proc/${shop.process.pid}/status`, 'utf8');
  return { seconds, memoryMb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024 };
}
