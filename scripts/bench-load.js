// Shared by the benchmarks: loads shops in turns, so that other work of the machine affects all of them.
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { environment } = require('../dist/lib/config/config.js');

const LOADGENERATOR = join(__dirname, '..', 'dist', 'loadgenerator', 'main.js');
const TICK_MS = 10;

/** User and system time of a process, in hundredths of a second. */
function cpuMs(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Runs the load generator against a shop. Returns its report. */
async function load(address, { seconds, pagesPerSecond }) {
  const report = join(tmpdir(), `mercato-bench-${process.pid}.json`);
  const env = {
    PATH: environment().PATH,
    TRACES_EXPORTER: 'none',
    METRICS_PORT: '0',
    LOG_LEVEL: 'silent',
    FRONTEND_ADDR: address,
    PAGES_PER_SECOND: String(pagesPerSecond),
    SECONDS: String(seconds),
    REPORT_FILE: report,
  };
  await once(spawn(process.execPath, [LOADGENERATOR], { env, stdio: 'ignore' }), 'exit');
  // Includes the export of buffered spans.
  await new Promise((resolve) => setTimeout(resolve, 700));
  const read = JSON.parse(readFileSync(report, 'utf8'));
  rmSync(report);
  return read;
}

/** Loads shops in turns, in another order each round, after a warm-up round. */
async function loadInTurns(shops, { rounds, warmUpSeconds, ...how }, take) {
  for (const shop of shops) await load(shop.address, { ...how, seconds: warmUpSeconds });
  for (let round = 0; round < rounds; round += 1) {
    for (const shop of round % 2 === 0 ? shops : [...shops].reverse()) {
      await take(shop, async () => await load(shop.address, how));
    }
  }
}

/** The median of the rounds, which a disturbed round does not change. */
function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

module.exports = { cpuMs, loadInTurns, median };
