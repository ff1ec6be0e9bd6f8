import { serviceNames } from '../../src/topology.ts';
import {
  isKebabCase,
  lineCount,
  MAX_LINES,
  nondeterminism,
  readsEnvironment,
  reExports,
  wallClockVerdicts,
} from './file-rules.ts';
import { codePathsBelow, isTestCode, readSource } from './source-files.ts';

/** Files of services that read the real clock or real randomness, each with its reason. */
const NONDETERMINISTIC: Readonly<Record<string, string>> = {
  'src/checkoutservice/orders.ts': 'the entry point of a process',
  'src/checkoutservice/store/personal-data.ts': 'keys and initialization vectors need secure randomness, also in tests',
  'src/frontend/optional-part.ts': 'shortens the deadline of a call, and deadlines are times of the real clock',
};

/** This file, whose examples break the rules. */
const THIS = 'test/architecture/files.test.ts';

const source = ['src', 'tools'].flatMap(codePathsBelow).map(readSource);
const tests = codePathsBelow('test').map(readSource);
const services = source.filter(({ path }) => serviceNames.some((name) => path.startsWith(`src/${name}/`)));

describe('the source files', () => {
  it('are found', () => {
    expect(services.map(({ path }) => path)).toContain('src/currencyservice/conversion.ts');
    expect(tests.map(({ path }) => path)).toContain(THIS);
  });

  it(`have at most ${MAX_LINES} lines`, () => {
    const long = [...source, ...tests].filter(({ text }) => lineCount(text) > MAX_LINES);
    expect(long.map(({ path, text }) => `${path}: ${lineCount(text)} lines`)).toEqual([]);
  });

  it('are named in kebab case', () => {
    expect([...source, ...tests].map(({ path }) => path).filter((path) => !isKebabCase(path))).toEqual([]);
  });

  it('read the environment only in src/lib/config/config.ts', () => {
    const readers = [...source, ...tests].filter(readsEnvironment).map(({ path }) => path);
    expect(readers.filter((path) => path !== THIS)).toEqual(['src/lib/config/config.ts']);
  });

  it('of services take clock, ids and randomness from their runtime', () => {
    const found = services.filter((file) => !isTestCode(file.path) && nondeterminism(file).length > 0);
    const unexplained = found.filter(({ path }) => !(path in NONDETERMINISTIC));
    expect(unexplained.map((file) => `${file.path}: ${nondeterminism(file).join(', ')}`)).toEqual([]);
    expect(Object.keys(NONDETERMINISTIC).filter((path) => !found.some((file) => file.path === path))).toEqual([]);
  });

  it('of tests decide nothing by the speed of the machine', () => {
    expect([...source, ...tests].filter(({ path }) => path !== THIS).flatMap(wallClockVerdicts)).toEqual([]);
  });

  it('re-export nothing', () => {
    expect([...source, ...tests].flatMap(reExports)).toEqual([]);
  });
});

describe('the README of a service', () => {
  it.each(serviceNames)('has the name of %s as its title', (name) => {
    expect(readSource(`src/${name}/README.md`).text).toMatch(new RegExp(`^# ${name}\n`));
  });
});

describe('nondeterminism', () => {
  const file = (text: string) => ({ path: 'src/x.ts', text });

  it.each(['Date.now()', 'new Date()', 'Math.random()', 'now ?? Date.now', 'randomUUID()'])(
    'finds the real clock or real randomness in %j',
    (text) => expect(nondeterminism(file(text))).toHaveLength(1),
  );

  it.each(['new Date(ms)', '// Date.now()', '/** Math.random() */', 'runtime.now()', 'performance.now()'])(
    'finds nothing in %j',
    (text) => expect(nondeterminism(file(text))).toEqual([]),
  );
});

describe('wallClockVerdicts', () => {
  const verdicts = (text: string) => wallClockVerdicts({ path: 'src/x.test.ts', text });

  it.each([
    'expect(performance.now() - startedAt).toBeLessThan(225);',
    'expect(Math.abs(runtime.now() - Date.now())).toBeLessThanOrEqual(1000);',
    'const tookMs = performance.now() - startedAt;\nexpect(tookMs).toBeLessThan(50);',
    'const tookMs = Number(process.hrtime.bigint() - startedAt);\nexpect(\n  tookMs,\n).toBeCloseTo(50, 0);',
    'expect(deadlineMs).toBeGreaterThan(Date.now());',
  ])('finds an expectation that depends on the speed of the machine in %j', (text) =>
    expect(verdicts(text)).toHaveLength(1),
  );

  it.each([
    'expect(performance.now() - startedAt).toBeGreaterThanOrEqual(timeoutMs);',
    'expect(call.deadlineMs).toBe(Date.now() + 3000);',
    'const startedAt = performance.now();\nexpect(budgetMs).toBeLessThan(100);',
    'const now = () => performance.now() - startedAt;\nexpect(pages).toBeLessThan(100);',
    '// expect(performance.now()).toBeLessThan(1);',
  ])('finds nothing in %j', (text) => expect(verdicts(text)).toEqual([]));
});

describe('readsEnvironment', () => {
  it.each(['process.env.X', "process['env']", "import { env } from 'node:process';"])('is true for %j', (text) =>
    expect(readsEnvironment({ path: 'src/x.ts', text })).toBe(true),
  );
});
