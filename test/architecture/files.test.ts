import { existsSync } from 'node:fs';
import { projectPath } from '../../src/lib/project-root.ts';
import { serviceNames } from '../../src/topology.ts';
import {
  clocksAndDice,
  exportsWithoutDocstring,
  isKebabCase,
  lineCount,
  MAX_LINES,
  MAX_README_LINES,
  readsEnvironment,
  reExports,
} from './file-rules.ts';
import { codePathsBelow, isTestCode, readSource } from './source-files.ts';

/** Files of services that ask the clock or chance themselves, and why that is right there. */
const CLOCKS_AND_DICE: Readonly<Record<string, string>> = {
  'src/frontend/optional-part.ts': 'shortens the deadline of a call, and deadlines are times of the real clock',
};

/** What needs no docstring, by a pattern of `path:line name`, and why. */
const WITHOUT_DOCSTRING: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  { pattern: /^src\/\w+\/config\.ts:\d+ \w+Config$/, reason: 'what the reader of the same file answers' },
];

const source = ['src', 'tools'].flatMap(codePathsBelow).map(readSource);
const tests = codePathsBelow('test').map(readSource);
const services = source.filter(({ path }) => serviceNames.some((name) => path.startsWith(`src/${name}/`)));

describe('the files', () => {
  it('are found', () => {
    expect(services.map(({ path }) => path)).toContain('src/currencyservice/conversion.ts');
    expect(tests.map(({ path }) => path)).toContain('test/architecture/files.test.ts');
  });

  it(`have at most ${MAX_LINES} lines`, () => {
    const long = [...source, ...tests].filter(({ text }) => lineCount(text) > MAX_LINES);
    expect(long.map(({ path, text }) => `${path}: ${lineCount(text)} lines`)).toEqual([]);
  });

  it('are named in kebab case', () => {
    expect([...source, ...tests].map(({ path }) => path).filter((path) => !isKebabCase(path))).toEqual([]);
  });

  it('read the environment in src/lib/config.ts only', () => {
    const readers = [...source, ...tests].filter(readsEnvironment).map(({ path }) => path);
    expect(readers.filter((path) => path !== 'test/architecture/files.test.ts')).toEqual(['src/lib/config.ts']);
  });

  it('of services take time, ids and chance from their runtime', () => {
    const found = services.filter((file) => !isTestCode(file.path) && clocksAndDice(file).length > 0);
    const unexplained = found.filter(({ path }) => !(path in CLOCKS_AND_DICE));
    expect(unexplained.map((file) => `${file.path}: ${clocksAndDice(file).join(', ')}`)).toEqual([]);
    expect(Object.keys(CLOCKS_AND_DICE).filter((path) => !found.some((file) => file.path === path))).toEqual([]);
  });

  it('explain every export', () => {
    const unexplained = source
      .filter(({ path }) => !path.endsWith('.test.ts') && !path.endsWith('.test.tsx'))
      .flatMap(exportsWithoutDocstring)
      .filter((found) => !WITHOUT_DOCSTRING.some(({ pattern }) => pattern.test(found)));
    expect(unexplained).toEqual([]);
  });

  it('pass on nothing that another file exports', () => {
    expect([...source, ...tests].flatMap(reExports)).toEqual([]);
  });
});

describe('the README of a service', () => {
  it.each(serviceNames)(`is there and has at most ${MAX_README_LINES} lines: %s`, (name) => {
    const path = `src/${name}/README.md`;
    expect(existsSync(projectPath(path))).toBe(true);
    const { text } = readSource(path);
    expect(text).toMatch(new RegExp(`^# ${name}\n`));
    expect(lineCount(text)).toBeLessThanOrEqual(MAX_README_LINES);
  });
});

describe('the rules', () => {
  const file = (text: string) => ({ path: 'src/x.ts', text });

  it.each(['export const a = 1;', 'export type A = 1;', 'export async function a() {}', '// no\nexport class A {}'])(
    'miss a docstring in %j',
    (text) => expect(exportsWithoutDocstring(file(text))).toHaveLength(1),
  );

  it.each(['/** One. */\nexport const a = 1;', 'const a = 1;', '/**\n * One.\n */\nexport type A = 1;'])(
    'miss none in %j',
    (text) => expect(exportsWithoutDocstring(file(text))).toEqual([]),
  );

  it.each(['Date.now()', 'new Date()', 'Math.random()', 'now ?? Date.now', 'randomUUID()'])(
    'see the clock or the dice in %j',
    (text) => expect(clocksAndDice(file(text))).toHaveLength(1),
  );

  it.each(['new Date(ms)', '// Date.now()', '/** Math.random() */', 'runtime.now()', 'performance.now()'])(
    'see none in %j',
    (text) => expect(clocksAndDice(file(text))).toEqual([]),
  );

  it.each(['process.env.X', "process['env']", "import { env } from 'node:process';"])(
    'see a read of the environment in %j',
    (text) => expect(readsEnvironment(file(text))).toBe(true),
  );

  it.each(['src/cartservice/cart-store.redis.integration.test.ts', 'src/topology.ts', 'src/lib/grpc/server.ts'])(
    'take %s for kebab case',
    (path) => expect(isKebabCase(path)).toBe(true),
  );

  it.each(['src/cartService/cart.ts', 'src/lib/cart_store.ts', 'src/lib/Cart.tsx'])(
    'do not take %s for kebab case',
    (path) => expect(isKebabCase(path)).toBe(false),
  );

  it.each(["export * from './a.ts';", "export { a } from './a.ts';", "export type { A } from './a.ts';"])(
    'see %j passed on',
    (text) => expect(reExports(file(text))).toHaveLength(1),
  );
});
