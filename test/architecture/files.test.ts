import { serviceNames } from '../../src/topology.ts';
import { clocksAndDice, isKebabCase, lineCount, MAX_LINES, readsEnvironment, reExports } from './file-rules.ts';
import { codePathsBelow, isTestCode, readSource } from './source-files.ts';

/** Files of services that ask the clock or chance themselves, and why that is right there. */
const CLOCKS_AND_DICE: Readonly<Record<string, string>> = {
  'src/frontend/optional-part.ts': 'shortens the deadline of a call, and deadlines are times of the real clock',
};

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

  it('read the environment in src/lib/config/config.ts only', () => {
    const readers = [...source, ...tests].filter(readsEnvironment).map(({ path }) => path);
    expect(readers.filter((path) => path !== 'test/architecture/files.test.ts')).toEqual(['src/lib/config/config.ts']);
  });

  it('of services take time, ids and chance from their runtime', () => {
    const found = services.filter((file) => !isTestCode(file.path) && clocksAndDice(file).length > 0);
    const unexplained = found.filter(({ path }) => !(path in CLOCKS_AND_DICE));
    expect(unexplained.map((file) => `${file.path}: ${clocksAndDice(file).join(', ')}`)).toEqual([]);
    expect(Object.keys(CLOCKS_AND_DICE).filter((path) => !found.some((file) => file.path === path))).toEqual([]);
  });

  it('pass on nothing that another file exports', () => {
    expect([...source, ...tests].flatMap(reExports)).toEqual([]);
  });
});

describe('the README of a service', () => {
  it.each(serviceNames)('has the name of %s as its title', (name) => {
    expect(readSource(`src/${name}/README.md`).text).toMatch(new RegExp(`^# ${name}\n`));
  });
});

describe('the rules', () => {
  const file = (text: string) => ({ path: 'src/x.ts', text });

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
