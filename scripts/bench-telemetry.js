// The cost of telemetry, in two tables.
//  1. CPU per page: without tracing, with 1 % sampling, with 100 % and each exporter, and with the console of `make run`.
//  2. Latency of pages and memory of the shop while the collector is down, hangs, or accepts everything.
const { once } = require('node:events');
const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { environment } = require('../dist/lib/config/config.js');
const { cpuMs, loadInTurns, median } = require('./bench-load.js');
const { openShop } = require('./launched-shop.js');

const ROUNDS = Number(environment().ROUNDS || 4);
const SECONDS = Number(environment().SECONDS || 4);
const PAGES_PER_SECOND = Number(environment().PAGES_PER_SECOND || 30);
const CLOSED_PORT = 'http://127.0.0.1:1';

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
    { name: 'is down', env: otlp(CLOSED_PORT) },
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

function memoryMb({ child }) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024;
}

async function measure(modes) {
  const shops = [];
  for (const mode of modes) shops.push(await startShop(mode));
  const how = { rounds: ROUNDS, warmUpSeconds: 3, seconds: SECONDS, pagesPerSecond: PAGES_PER_SECOND };
  await loadInTurns(shops, how, async (shop, loaded) => {
    const before = cpuMs(shop.child.pid);
    const report = await loaded();
    shop.cpuMs += cpuMs(shop.child.pid) - before;
    shop.pages += report.pages;
    shop.reports.push(report);
  });
  for (const shop of shops) shop.memoryMb = memoryMb(shop);
  await Promise.all(shops.map(({ close }) => close()));
  return shops;
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
}

void main();
