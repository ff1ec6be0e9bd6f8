// What durable orders cost on each store, in three tables: PlaceOrder; recovery and rebuild; start and memory.
//   ORDERS=400 OPEN=10000 STORED=100000 node scripts/bench-orders.js
require('./require-typescript.js');
const { z } = require('zod');
const { environment, integer, readVariables } = require('../dist/lib/config/config.js');
const { measurePlaceOrder, measureRebuild, measureRecovery, measureStart } = require('../test/bench/order-bench.ts');
const { orderBackends } = require('../test/bench/order-backends.ts');

const IN_FLIGHT = [1, 8, 64];

const variables = z.object({
  ORDERS: integer({ min: 1, max: 100_000 }).default(400),
  OPEN: integer({ min: 1, max: 100_000 }).default(10_000),
  STORED: integer({ min: 20, max: 1_000_000 }).default(100_000),
});

/** Calls `measure` with empty databases of each store, one after the other. */
async function onEach(measure) {
  for (const open of orderBackends) {
    const backend = await open();
    try {
      await measure(backend);
    } finally {
      await backend[Symbol.asyncDispose]();
    }
  }
}

const print = (...cells) => process.stdout.write(`| ${cells.join(' | ')} |\n`);

function printHead(...cells) {
  process.stdout.write('\n');
  print(...cells);
  print(...cells.map(() => '---'));
}

async function main() {
  const { ORDERS: orders, OPEN: open, STORED: stored } = readVariables(variables, environment());
  printHead('store', 'in flight', 'orders/s', 'p50 ms', 'p99 ms', 'transactions per order', 'bytes per order');
  await onEach(async (backend) => {
    const { rows, transactionsPerOrder, bytesPerOrder } = await measurePlaceOrder(backend, orders, IN_FLIGHT);
    for (const { inFlight, ordersPerSecond, p50Ms, p99Ms } of rows) {
      const figures = [ordersPerSecond.toFixed(0), p50Ms.toFixed(1), p99Ms.toFixed(1)];
      print(backend.name, inFlight, ...figures, transactionsPerOrder.toFixed(1), bytesPerOrder.toFixed(0));
    }
  });
  printHead('store', `recovery of ${open} orders, s`);
  await onEach(async (backend) => print(backend.name, (await measureRecovery(backend, open)).toFixed(1)));
  printHead('store', 'stored orders', 'rebuild s', 'start s', 'memory MB');
  await onEach(async (backend) => {
    const empty = await measureStart(backend);
    print(backend.name, 0, '-', empty.seconds.toFixed(2), empty.memoryMb.toFixed(0));
    const rebuildSeconds = await measureRebuild(backend, stored);
    const full = await measureStart(backend);
    print(backend.name, stored, rebuildSeconds.toFixed(1), full.seconds.toFixed(2), full.memoryMb.toFixed(0));
  });
}

main().catch((error) => {
  process.stderr.write(`${error.name === 'ConfigError' ? error.message : error.stack}\n`);
  process.exitCode = 1;
});
