// The cost of a mesh: CPU and latency of a page, with two Envoys in each call and without.
const { fork } = require('node:child_process');
const { once } = require('node:events');
const { mkdtempSync, readdirSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { environment } = require('../dist/lib/config/config.js');
const { cpuMs, loadInTurns, median } = require('./bench-load.js');

const ROUNDS = Number(environment().ROUNDS || 4);
const SECONDS = Number(environment().SECONDS || 8);
const PAGES_PER_SECOND = Number(environment().PAGES_PER_SECOND || 100);

async function openShop(name, args) {
  const folder = mkdtempSync(join(tmpdir(), 'mercato-bench-'));
  const child = fork(join(__dirname, 'mesh-shop.js'), args, {
    env: { ...environment(), DATA_DIR: join(folder, 'data'), MAIL_DIR: join(folder, 'mail') },
  });
  const opened = once(child, 'message').then(([{ address }]) => address);
  const failed = once(child, 'exit').then(() => Promise.reject(new Error(`the shop ended: ${name}`)));
  const address = await Promise.race([opened, failed]);
  failed.catch(() => {});
  const close = async () => {
    const exited = once(child, 'exit');
    child.send('stop');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  return { name, address, pid: child.pid, proxies: childrenOf(child.pid), close, cpu: [], reports: [] };
}

function childrenOf(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean),
  );
}

const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);

function print(shops) {
  const [base] = shops;
  const cpu = ({ cpu: rounds }, part) => median(rounds.map((round) => round[part]));
  const total = (shop) => cpu(shop, 'services') + cpu(shop, 'proxies');
  const latency = ({ reports }, percentile) => median(reports.map(({ latencyMs }) => latencyMs[percentile]));
  const rows = shops.map((shop) => {
    const cells = [cpu(shop, 'services'), cpu(shop, 'proxies'), total(shop) / total(base)];
    const times = ['p50', 'p99'].flatMap((percentile) => {
      const value = latency(shop, percentile);
      return [value, value / latency(base, percentile)];
    });
    return `| ${[shop.name, ...[...cells, ...times].map((cell) => cell.toFixed(2))].join(' | ')} |\n`;
  });
  const pages = sum(base.reports.map((report) => report.pages));
  const failed = sum(shops.flatMap(({ reports }) => reports.map((report) => report.errors ?? 0)));
  process.stdout.write(
    `${PAGES_PER_SECOND} pages a second, ${pages} pages each, ${failed} failed; medians of ${ROUNDS} rounds\n\n` +
      '| | CPU ms a page: services | proxies | ratio of both | p50 ms | ratio | p99 ms | ratio |\n' +
      `|---|---|---|---|---|---|---|---|\n${rows.join('')}`,
  );
}

async function main() {
  const shops = [await openShop('without a mesh', []), await openShop('behind two Envoys', ['mesh'])];
  const how = { rounds: ROUNDS, warmUpSeconds: 4, seconds: SECONDS, pagesPerSecond: PAGES_PER_SECOND };
  await loadInTurns(shops, how, async (shop, loaded) => {
    const read = () => ({ services: cpuMs(shop.pid), proxies: sum(shop.proxies.map(cpuMs)) });
    const before = read();
    const report = await loaded();
    const after = read();
    shop.cpu.push({
      services: (after.services - before.services) / report.pages,
      proxies: (after.proxies - before.proxies) / report.pages,
    });
    shop.reports.push(report);
  });
  for (const { close } of shops) await close();
  print(shops);
}

void main();
