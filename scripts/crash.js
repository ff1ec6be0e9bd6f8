// Places orders in a shop with two processes of each service while processes are killed, and judges what was stored:
// ORDERS=200 KILLS=60 SEED=1 node scripts/crash.js
require('./require-typescript.js');
const { environment } = require('../dist/lib/config/config.js');
const { crashRun } = require('../test/crash/crash-run.ts');

// Counts that must be 0.
const FAILURES = {
  lost: 'lost',
  chargedTwice: 'charged twice',
  chargedAndNotShipped: 'charged and neither shipped nor refunded',
  shippedAndUnpaid: 'shipped and unpaid',
  unfinished: 'not in a final state',
};

function numberOf(name, otherwise) {
  const text = environment()[name] || String(otherwise);
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${name}=${text}: expected a whole number from 1 to 999999`);
  return Number(text);
}

async function main() {
  const run = { orders: numberOf('ORDERS', 200), kills: numberOf('KILLS', 60), seed: numberOf('SEED', 1) };
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
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
