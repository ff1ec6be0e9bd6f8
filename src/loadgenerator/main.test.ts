import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, type Compiled, compile, runNode } from '../lib/testing/child-process.ts';
import { eventually } from '../lib/testing/eventually.ts';
import { respondAsShop, startTestStorefront, type TestStorefront } from './storefront.testing.ts';

describe('the process of the load generator', () => {
  let compiled: Compiled;
  let shop: TestStorefront;
  let reportFile: string;
  let folder: string;

  beforeAll(async () => {
    compiled = await compile('loadgenerator/main.ts');
  });
  afterAll(async () => {
    await compiled[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    shop = await startTestStorefront(respondAsShop);
    folder = await mkdtemp(join(tmpdir(), 'load-run-'));
    reportFile = join(folder, 'load.json');
  });
  afterEach(async () => {
    await shop[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const run = (env: Record<string, string>): Child =>
    runNode(compiled.script('loadgenerator/main.ts'), { FRONTEND_ADDR: shop.address, ...env });
  const report = async (): Promise<unknown> => JSON.parse(await readFile(reportFile, 'utf8'));

  it('writes its report and exits 0 when its time is over and it met its thresholds', async () => {
    await using child = run({ SECONDS: '1', PAGES_PER_SECOND: '20', REPORT_FILE: reportFile });
    expect(await child.ended()).toBe(0);
    expect(child.stderr()).toMatch(/passed ANY_PAGE 1/);
    expect(await report()).toMatchObject({ version: 2, passed: true, target: shop.address });
  });

  it('exits 1 when it did not meet a threshold', async () => {
    await shop[Symbol.asyncDispose]();
    shop = await startTestStorefront(({ path }, response) => {
      response.writeHead(path === '/_healthz' ? 200 : 500).end();
    });
    await using child = run({ SECONDS: '1' });
    expect(await child.ended()).toBe(1);
    expect(child.stderr()).toContain('FAILED MAX_ERROR_RATIO 0.01 (was 1)');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends the run early on %s, and exits by the result of its thresholds',
    async (signal) => {
      for (const [maxP95Ms, code] of [
        ['0', 0],
        ['1', 1],
      ] as const) {
        await shop[Symbol.asyncDispose]();
        shop = await startTestStorefront((request, response) => setTimeout(() => respondAsShop(request, response), 10));
        await using child = run({ WAIT_SCALE: '0', MAX_P95_MS: maxP95Ms, REPORT_FILE: reportFile });
        await eventually('it shops', () => shop.seen.length > 3);
        child.signal(signal);
        expect(await child.ended()).toBe(code);
        expect(await report()).toMatchObject({ passed: code === 0 });
      }
    },
  );

  it('exits immediately at the second signal', async () => {
    await shop[Symbol.asyncDispose]();
    shop = await startTestStorefront(({ path }, response) => {
      if (path === '/_healthz') response.end();
    });
    await using child = run({});
    await eventually('a page is in flight', () => shop.seen.length > 1);
    child.signal('SIGINT');
    await child.logged('stopping');
    child.signal('SIGINT');
    expect(await child.ended()).toBe(1);
    expect(child.stderr()).toBe('');
  });

  it('logs the problems of its configuration and exits 1', async () => {
    await using child = run({ FRONTEND_ADDR: 'nowhere' });
    expect(await child.ended()).toBe(1);
    expect(child.stderr()).toContain('FRONTEND_ADDR=nowhere: expected host:port');
  });
});
