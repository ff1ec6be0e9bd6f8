import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import { publishReport } from './publish-report.ts';
import { loadReport, reportTable } from './report.ts';
import { newTally } from './tally.ts';

describe('a published report', () => {
  const report = loadReport(
    {
      target: 'frontend:80',
      model: 'open',
      users: 1,
      startedAtMs: 0,
      elapsedMs: 1000,
      thresholds: { maxErrorRatio: 0, maxP95Ms: undefined },
    },
    newTally().totals(),
  );
  const plain: unknown = JSON.parse(JSON.stringify(report));
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'load-report-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const publish = async (file: string | undefined) => {
    const written: string[] = [];
    const { log, logs } = testRuntime();
    const done = publishReport(report, { file, out: { write: (text) => written.push(text) }, log });
    return await done.then(() => ({ written, lines: logs.lines }));
  };

  it('is a table on standard output and one log line', async () => {
    const { written, lines } = await publish(undefined);
    expect(written).toEqual([reportTable(report)]);
    expect(lines).toMatchObject([{ msg: 'load report', report: plain }]);
  });

  it('is written as JSON to the named file, whose folder it creates', async () => {
    const file = join(folder, 'new', 'load.json');
    await publish(file);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(plain);
  });

  it('rejects when its file cannot be written', async () => {
    await expect(publish(folder)).rejects.toThrow('EISDIR');
  });
});
