// Places orders in a shop with two processes of each service while processes are killed, and judges what was stored:
// ORDERS=200 KILLS=60 SEED=1 node scripts/crash.js
require('./require-typescript.js');
const { z } = require('zod');
const { environment, integer, readVariables } = require('../dist/lib/config/config.js');
const { crashRun } = require('../test/crash/crash-run.ts');

// Counts that must be 0.
const FAILURES = {
  lost: 'lost',
  chargedTwice: 'charged twice',
  chargedAndNotShipped: 'charged and neither shipped nor refunded',
  shippedAndUnpaid: 'shipped and unpaid',
  unfinished: 'not in a final state',
};

const variables = z.object({
  ORDERS: integer({ min: 1, max: 100_000 }).default(200),
  KILLS: integer({ min: 1, max: 100_000 }).default(60),
  SEED: integer({ min: 1, max: 1_000_000 }).default(1),
});

async function main() {
  const { ORDERS: orderCount, KILLS: killCount, SEED: seed } = readVariables(variables, environment());
  const run = { orders: orderCount, kills: killCount, seed };
  process.stdout.write(`${run.orders} orders, ${run.kills} kills, seed ${run.seed}\n`);
  const { verdict, kills } = await crashRun(run);
  for (const [service, count] of Object.entries(kills)) process.stdout.write(`killed   ${service} ${count} times\n`);
  const { orders, charges, refunds, shipments } = verdict;
  process.stdout.write(`stored   orders ${orders}, charges ${charges}, refunds ${refunds}, shipments ${shipments}\n`);
  const counts = Object.entries(FAILURES).map(([name, text]) => `${verdict[name]} ${text}`);
  process.stdout.write(`verdict  ${counts.join(', ')}\n`);
  if (Object.keys(FAILURES).some((name) => verdict[name] !== 0)) process.exitCode = 1;
}

main().catch((error) => {
  process.stderr.write(`${error.name === 'ConfigError' ? error.message : error.stack}\n`);
  process.exitCode = 1;
});
