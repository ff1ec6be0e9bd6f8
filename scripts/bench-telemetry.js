// What tracing costs: CPU of the shop for a page, without it, at 1 %, and at 100 % with each exporter. The four shops run at
// once and are loaded in turns, so that whatever else this machine does falls on all of them.
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { readFileSync, rmSync } = require('node:fs');
const { createServer } = require('node:http');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { environment } = require('../dist/lib/config.js');

const ROOT = join(__dirname, '..');
const ROUNDS = Number(environment().ROUNDS || 3);
const SECONDS = Number(environment().SECONDS || 4);
const PAGES_PER_SECOND = Number(environment().PAGES_PER_SECOND || 30);
const REPORT = join(tmpdir(), `mercato-bench-${process.pid}.json`);
const TICK_MS = 10;

const MODES = [
  { name: 'none', env: { TRACES_EXPORTER: 'none' } },
  { name: '1 % OTLP', env: { TRACES_EXPORTER: 'otlp', OTEL_TRACES_SAMPLER_ARG: '0.01' } },
  { name: '100 % OTLP', env: { TRACES_EXPORTER: 'otlp' } },
  { name: '100 % jaeger', env: { TRACES_EXPORTER: 'jaeger' } },
];

async function startSink() {
  const sink = createServer((request, response) => request.resume().on('end', () => response.end()));
  sink.listen(0, '127.0.0.1');
  await once(sink, 'listening');
  return { sink, url: `http://127.0.0.1:${sink.address().port}` };
}

async function startShop(mode, url) {
  const env = {
    ...environment(),
    PORT: '0',
    LOG_LEVEL: 'warn',
    MAIL_DIR: join(tmpdir(), `mercato-bench-mail-${process.pid}`),
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_JAEGER_ENDPOINT: `${url}/api/traces`,
    ...mode.env,
  };
  const child = spawn(process.execPath, [join(ROOT, 'dist', 'launcher', 'main.js')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  const address = await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const found = /Open {3}http:\/\/(\S+)\//.exec(text);
      if (found) resolve(found[1]);
    });
    child.once('exit', () => reject(new Error(`the shop ended: ${text}`)));
  });
  return { ...mode, child, address, cpuMs: 0, pages: 0 };
}

// User and system time, in ticks of a hundredth of a second.
function cpuMs({ child }) {
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

async function load(shop, seconds) {
  const before = cpuMs(shop);
  const env = {
    PATH: environment().PATH,
    TRACES_EXPORTER: 'none',
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
  return { cpu: cpuMs(shop) - before, pages: Math.round(PAGES_PER_SECOND * seconds) };
}

async function main() {
  const { sink, url } = await startSink();
  const shops = [];
  for (const mode of MODES) shops.push(await startShop(mode, url));
  for (const shop of shops) await load(shop, 3);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const shop of round % 2 === 0 ? shops : [...shops].reverse()) {
      const { cpu, pages } = await load(shop, SECONDS);
      shop.cpuMs += cpu;
      shop.pages += pages;
    }
  }
  const base = shops[0].cpuMs / shops[0].pages;
  process.stdout.write('| traces | CPU ms a page | ratio |\n|---|---|---|\n');
  for (const { name, cpuMs: total, pages } of shops) {
    process.stdout.write(`| ${name} | ${(total / pages).toFixed(2)} | ${(total / pages / base).toFixed(2)} |\n`);
  }
  for (const { child } of shops) child.kill('SIGTERM');
  await Promise.all(shops.map(({ child }) => once(child, 'exit')));
  sink.closeAllConnections();
  sink.close();
  rmSync(REPORT, { force: true });
  rmSync(join(tmpdir(), `mercato-bench-mail-${process.pid}`), { recursive: true, force: true });
}

void main();
