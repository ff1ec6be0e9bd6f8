import { existsSync } from 'node:fs';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { serviceNames, topology } from '../../src/topology.ts';
import { folderGraph } from './folder-graph.ts';
import { brokenRule, type Packages } from './import-rules.ts';
import { findCycle, type Import, importsOf } from './imports.ts';
import { directDependencies } from './package-json.ts';
import { codePathsBelow, foldersIn, isTestCode, readSource } from './source-files.ts';

const { dependencies, devDependencies } = directDependencies();
const packages: Packages = { shipped: new Set(dependencies), testing: new Set([...dependencies, ...devDependencies]) };
const imports = new Map(codePathsBelow('src').map((path) => [path, importsOf(readSource(path))]));

const targetsOf = (list: readonly Import[]): string[] =>
  list.flatMap(({ target }) => (target === undefined ? [] : [target]));

describe('the imports of src', () => {
  it('are found', () => {
    expect(imports.size).toBeGreaterThan(20);
    expect(imports.get('src/currencyservice/handlers.ts')).toContainEqual({
      specifier: './rates.ts',
      target: 'src/currencyservice/rates.ts',
      typeOnly: true,
    });
  });

  it('keep to the rules', () => {
    const broken = [...imports].flatMap(([path, list]) =>
      list.flatMap((one) => {
        const rule = brokenRule(path, one, packages);
        return rule === undefined ? [] : [`${path} imports ${one.specifier}: ${rule}`];
      }),
    );
    expect(broken).toEqual([]);
  });

  it('form no circle of files when the code runs', () => {
    // A type import is erased: what is left must load in one order.
    const graph = new Map([...imports].map(([path, list]) => [path, targetsOf(list.filter((one) => !one.typeOnly))]));
    expect(findCycle(graph)).toEqual([]);
  });

  it('form no circle of folders in what ships, type imports included', () => {
    const shipped = [...imports].filter(([path]) => !isTestCode(path));
    const graph = folderGraph(new Map(shipped.map(([path, list]) => [path, targetsOf(list)])));
    expect(graph.size).toBeGreaterThan(20);
    expect(findCycle(graph)).toEqual([]);
  });

  it('name files that are there', () => {
    const missing = [...imports].flatMap(([path, list]) =>
      list.flatMap(({ target }) =>
        target === undefined || existsSync(projectPath(target)) ? [] : [`${path} -> ${target}`],
      ),
    );
    expect(missing).toEqual([]);
  });
});

describe('the folders of src', () => {
  it('are the services of the topology, console, domain, genproto, launcher and lib', () => {
    const known = new Set<string>([...serviceNames, 'console', 'domain', 'genproto', 'launcher', 'lib']);
    expect(foldersIn('src').filter((folder) => !known.has(folder))).toEqual([]);
  });

  it('hold a folder for every service', () => {
    expect(foldersIn('src')).toEqual(expect.arrayContaining([...serviceNames]));
  });

  it.each(serviceNames.filter((name) => topology[name].protocol === 'grpc'))('are laid out alike: %s', (name) => {
    const files = ['README.md', 'config.ts', 'handlers.ts', 'main.ts', 'service.ts'];
    expect(files.filter((file) => !existsSync(projectPath('src', name, file)))).toEqual([]);
  });

  it('are tested where the code is: every service has a test beside it', () => {
    const untested = foldersIn('src').filter(
      (folder) =>
        serviceNames.some((name) => name === folder) &&
        !codePathsBelow(`src/${folder}`).some((path) => isTestCode(path)),
    );
    expect(untested).toEqual([]);
  });
});

describe('the rules', () => {
  const relative = (target: string): Import => ({ specifier: './x.ts', target, typeOnly: true });
  const npm = (specifier: string): Import => ({ specifier, target: undefined, typeOnly: false });

  it.each([
    ['a service that imports another', 'src/adservice/ads.ts', relative('src/cartservice/cart.ts')],
    ['a test that imports another service', 'src/adservice/ads.test.ts', relative('src/cartservice/cart.ts')],
    ['lib that imports the topology', 'src/domain/money.ts', relative('src/topology.ts')],
    ['lib that imports a service', 'src/domain/money.ts', relative('src/cartservice/cart.ts')],
    ['lib that imports a contract of the shop', 'src/domain/money.ts', relative('src/genproto/hipstershop/money.ts')],
    [
      'a domain file that imports a generated type',
      'src/domain/money.ts',
      relative('src/genproto/hipstershop/money.ts'),
    ],
    ['a domain file that imports I/O', 'src/domain/money.ts', relative('src/lib/grpc/client.ts')],
    ['a domain file that imports a package', 'src/domain/money.ts', npm('zod')],
    ['a console that imports the launcher', 'src/console/layout.tsx', relative('src/launcher/shop.ts')],
    ['a topology that imports', 'src/topology.ts', relative('src/domain/money.ts')],
    ['a topology that imports a package', 'src/topology.ts', npm('zod')],
    ['a launcher that knows more of a service', 'src/launcher/run.ts', relative('src/cartservice/cart.ts')],
    ['shipped code that imports test code', 'src/adservice/ads.ts', relative('src/lib/testing/eventually.ts')],
    ['an import of a process entry', 'src/adservice/ads.ts', relative('src/adservice/main.ts')],
    ['shipped code that imports a development dependency', 'src/adservice/ads.ts', npm('fast-check')],
    ['a package that is not in package.json', 'src/adservice/ads.ts', npm('left-pad/index.js')],
    ['a metric that is declared past src/lib/metrics', 'src/adservice/events.ts', npm('prom-client')],
    ['a module of Node without its scheme', 'src/adservice/ads.ts', npm('fs')],
  ])('refuse %s', (_what, path, imported) => {
    expect(brokenRule(path, imported, packages)).toBeDefined();
  });

  it.each([
    ['src/adservice/ads.test.ts', npm('fast-check')],
    ['src/launcher/run.ts', relative('src/cartservice/service.ts')],
    ['src/lib/grpc/server.test.ts', relative('src/genproto/hipstershop/cart.ts')],
    ['src/adservice/ads.ts', npm('@grpc/grpc-js')],
    ['src/adservice/ads.ts', npm('node:fs')],
  ])('let %s import %o', (path, imported) => {
    expect(brokenRule(path, imported, packages)).toBeUndefined();
  });

  it('see every form of import', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type { B } from './b.ts';",
      "import { type C } from './c.ts';",
      "export { d } from './d.ts';",
      "export * from './e.ts';",
      "type F = import('./f.ts').F;",
      "const g = async () => await import('./g.ts');",
      "const h = require('./h.ts');",
      "import './i.ts';",
    ].join('\n');
    const found = importsOf({ path: 'src/x/y.ts', text });
    const letters = found.map(({ target }) => /^src\/x\/(\w)\.ts$/.exec(target ?? '')?.[1] ?? '?');
    expect(letters.sort().join('')).toBe('abcdefghi');
    const typeOnly = found.filter((one) => one.typeOnly).map(({ specifier }) => specifier);
    expect(typeOnly.sort()).toEqual(['./b.ts', './c.ts', './f.ts']);
  });

  it('see a circle', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', []],
      ['d', ['b']],
    ]);
    expect(findCycle(graph)).toEqual(['b', 'd', 'b']);
  });

  it('see a circle of folders that no two files form', () => {
    const files = new Map([
      ['src/lib/grpc/server.ts', ['src/lib/metrics/metrics.ts']],
      ['src/lib/metrics/metrics-server.ts', ['src/lib/grpc/listen.ts']],
    ]);
    expect(findCycle(files)).toEqual([]);
    expect(findCycle(folderGraph(files))).toEqual(['src/lib/grpc', 'src/lib/metrics', 'src/lib/grpc']);
  });

  it('count the files at the root of a service one by one', () => {
    const files = new Map([
      ['src/frontend/service.ts', ['src/frontend/pages/home.tsx']],
      ['src/frontend/pages/home.tsx', ['src/frontend/events.ts']],
    ]);
    expect(findCycle(folderGraph(files))).toEqual([]);
  });
});
