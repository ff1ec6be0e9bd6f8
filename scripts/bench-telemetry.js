// What telemetry costs, in two tables.
//  1. CPU of the shop for a page: without traces, at 1 %, at 100 % with each exporter, and with the console of `make run`.
//  2. How long pages take, and how much memory the shop needs, while the collector is down, hangs, or takes everything.
// The shops of a table run at once and are loaded in turns, so that whatever else this machine does falls on all of them.
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { readFileSync, rmSync } = require('node:fs');
const { createServer } = require('node:http');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { environment } = require('../dist/lib/config.js');
const { openShop } = require('./launched-shop.js');

const ROOT = join(__dirname, '..');
const ROUNDS = Number(environment().ROUNDS || 4);
const SECONDS = Number(environment().SECONDS || 4);
const PAGES_PER_SECOND = Number(environment().PAGES_PER_SECOND || 30);
const REPORT = join(tmpdir(), `mercato-bench-${process.pid}.json`);
const TICK_MS = 10;
const NOBODY = 'http://127.0.0.1:1';

const OFF = { TRACES_EXPORTER: 'none' };

function costModes({ takes }) {
  const otlp = { TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: takes };
  const jaeger = { TRACES_EXPORTER: 'jaeger', OTEL_EXPORTER_JAEGER_ENDPOINT: `${takes}/api/traces` };
  return [
    { name: 'none', env: OFF },
    { name: '1 % OTLP', env: { ...otlp, OTEL_TRACES_SAMPLER_ARG: '0.01' } },
    { name: '100 % OTLP', env: otlp },
    { name: '100 % jaeger', env: jaeger },
    { name: '100 % console', env: { TRACES_EXPORTER: 'console' } },
    { name: 'the console of `make run`', env: { CONSOLE_PORT: '0' } },
  ];
}

function faultModes({ takes, hangs }) {
  const otlp = (OTEL_EXPORTER_OTLP_ENDPOINT) => ({ TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT });
  return [
    { name: 'takes everything', env: otlp(takes) },
    { name: 'is down', env: otlp(NOBODY) },
    { name: 'hangs', env: otlp(hangs) },
    { name: 'is not asked for', env: OFF },
  ];
}

async function startCollector(onRequest) {
  const server = createServer(onRequest);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

async function startShop(mode) {
  return { ...(await openShop(mode.env)), ...mode, cpuMs: 0, pages: 0, reports: [] };
}

// User and system time, in ticks of a hundredth of a second.
function cpuMs({ child }) {
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

function memoryMb({ child }) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024;
}

async function load(shop, seconds) {
  const before = cpuMs(shop);
  const env = {
    PATH: environment().PATH,
    TRACES_EXPORTER: 'none',
    METRICS_PORT: '0',
    LOG_LEVEL: 'silent',
    FRONTEND_ADDR: shop.address,
    PAGES_PER_SECOND: String(PAGES_PER_SECOND),
    SECONDS: String(seconds),
    REPORT_FILE: REPORT,
  };
  const child = spawn(process.execPath, [join(ROOT, 'dist', 'loadgenerator', 'main.js')], { env, stdio: 'ignore' });
  await once(child, 'exit');
  // What is still buffered is part of the price.
  await new Promise((resolve) => setTimeout(resolve, 700));
  return { cpuMs: cpuMs(shop) - before, report: JSON.parse(readFileSync(REPORT, 'utf8')) };
}

/** Loads shops in turns, those of a round in another order each time. */
async function measure(modes) {
  const shops = [];
  for (const mode of modes) shops.push(await startShop(mode));
  for (const shop of shops) await load(shop, 3);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const shop of round % 2 === 0 ? shops : [...shops].reverse()) {
      const { cpuMs: cpu, report } = await load(shop, SECONDS);
      shop.cpuMs += cpu;
      shop.pages += report.pages;
      shop.reports.push(report);
    }
  }
  for (const shop of shops) shop.memoryMb = memoryMb(shop);
  await Promise.all(shops.map(({ close }) => close()));
  return shops;
}

// Of the rounds: one in which the machine did something else changes nothing.
function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function printCost(shops) {
  const base = shops[0].cpuMs / shops[0].pages;
  const rows = shops.map(({ name, cpuMs: total, pages }) => {
    const each = total / pages;
    return `| ${name} | ${each.toFixed(2)} | ${(each / base).toFixed(2)} |\n`;
  });
  process.stdout.write(`| traces | CPU ms a page | ratio |\n|---|---|---|\n${rows.join('')}\n`);
}

function printFaults(shops) {
  const latency = ({ reports }, percentile) => median(reports.map(({ latencyMs }) => latencyMs[percentile]));
  const rows = shops.map((shop) => {
    const cells = ['p50', 'p99'].flatMap((percentile) => {
      const value = latency(shop, percentile);
      return [value.toFixed(1), (value / latency(shops[0], percentile)).toFixed(2)];
    });
    return `| ${[shop.name, ...cells, shop.memoryMb.toFixed(0)].join(' | ')} |\n`;
  });
  const head = '| the collector | p50 ms | ratio | p99 ms | ratio | memory MB |\n|---|---|---|---|---|---|\n';
  process.stdout.write(`${head}${rows.join('')}`);
}

async function main() {
  const takes = await startCollector((request, response) => request.resume().on('end', () => response.end()));
  const hangs = await startCollector((request) => request.resume());
  const urls = { takes: takes.url, hangs: hangs.url };
  printCost(await measure(costModes(urls)));
  printFaults(await measure(faultModes(urls)));
  for (const { server } of [takes, hangs]) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(REPORT, { force: true });
}

void main();
