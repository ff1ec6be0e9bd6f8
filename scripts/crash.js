// Places orders in a shop while processes are killed, disks are full, and responses are lost, late, repeated or refused.
// Prints what the ledgers have for each cell, and the verdict: ORDERS=2000 SEED=1 node scripts/crash.js
// The services store in LMDB; with STORE=postgres in a PostgreSQL server of this run, which is killed once in each round of
// 200 orders; with DATABASE_URL (which contains {service}) in a server that is left alone.
require('./require-typescript.js');
const { z } = require('zod');
const { environment, integer, readVariables } = require('../dist/lib/config/config.js');
const { startPostgres } = require('../src/lib/testing/postgres-server.ts');
const { CELL_COUNT, VICTIMS } = require('../test/crash/cells.ts');
const { crashRun } = require('../test/crash/crash-run.ts');
const { FAILURES, failuresIn } = require('../test/crash/verdict.ts');

const variables = z.object({
  ORDERS: integer({ min: 1, max: 100_000 }).default(2000),
  SEED: integer({ min: 1, max: 1_000_000 }).default(1),
  STORE: z.enum(['lmdb', 'postgres']).default('lmdb'),
  DATABASE_URL: z.string().includes('{service}').optional(),
});

const print = (text) => process.stdout.write(`${text}\n`);

async function main() {
  const { ORDERS: wanted, SEED: seed, STORE: store, DATABASE_URL: url } = readVariables(variables, environment());
  const run = { rounds: Math.ceil(wanted / CELL_COUNT), seed };
  const inPostgres = store === 'postgres' || url !== undefined;
  const summary = `${run.rounds * CELL_COUNT} shoppers, ${CELL_COUNT} cells`;
  print(`${summary}, ${inPostgres ? 'PostgreSQL' : 'LMDB'}, seed ${seed}`);
  const own = store === 'postgres' && url === undefined;
  printReport(own ? await runOnOwnPostgres(run) : await crashRun({ ...run, databaseUrl: url }));
}

async function runOnOwnPostgres(run) {
  const postgres = await startPostgres();
  try {
    const databaseUrl = await postgres.createEach(VICTIMS);
    let kills = 0;
    const inEachRound = async () => {
      await postgres.kill();
      await postgres.start();
      kills += 1;
    };
    const report = await crashRun({ ...run, databaseUrl, inEachRound });
    print(`${kills} times killed PostgreSQL`);
    return report;
  } finally {
    await postgres[Symbol.asyncDispose]();
  }
}

function printReport({ verdict, strangers, cells, disasters }) {
  const rows = cells.map(({ cell, verdict: { orders, charges, refunds, shipments, ...rest }, mails }) => [
    `${cell.victim} ${cell.disaster} ${cell.step.name}, response ${cell.fault}`,
    ...[orders, charges, refunds, shipments, mails].map(String),
    failuresIn(rest).join(', '),
  ]);
  printTable([['cell', 'orders', 'charges', 'refunds', 'shipments', 'mails', ''], ...rows.sort()]);
  for (const [disaster, count] of disasters) print(`${count} times ${disaster}`);
  const { orders, charges, refunds, shipments } = verdict;
  const mails = cells.reduce((sum, cell) => sum + cell.mails, 0);
  print(`orders ${orders}, charges ${charges}, refunds ${refunds}, shipments ${shipments}, mails ${mails}`);
  const { unfinished, ...others } = FAILURES;
  const counts = Object.entries(others).map(([name, text]) => `${verdict[name]} ${text}`);
  const end = verdict.unfinished === 0 ? 'every order in a final state' : `${verdict.unfinished} ${unfinished}`;
  print(`verdict: ${[...counts, end].join(', ')}`);
  if (strangers > 0) print(`${strangers} charges and shipments belong to no shopper`);
  if (strangers > 0 || failuresIn(verdict).length > 0) process.exitCode = 1;
}

function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    const cells = row.map((text, column) => (column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column])));
    print(cells.join('  ').trimEnd());
  }
}

main().catch((error) => {
  process.stderr.write(`${error.name === 'ConfigError' ? error.message : error.stack}\n`);
  process.exitCode = 1;
});
