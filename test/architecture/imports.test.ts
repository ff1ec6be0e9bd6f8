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

/** Files of a service that may know generated messages: RPC handlers, clients of upstreams, codecs, composition. */
const WIRE_CODE = /\/(?:handlers|service|wire|wire-event|decode-[a-z-]+)\.ts$|\/upstreams\//;
const ERROR_REASONS = 'src/genproto/hipstershop/error_reason.ts';

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

  it('break no rule of the layers', () => {
    const broken = [...imports].flatMap(([path, list]) =>
      list.flatMap((one) => {
        const rule = brokenRule(path, one, packages);
        return rule === undefined ? [] : [`${path} imports ${one.specifier}: ${rule}`];
      }),
    );
    expect(broken).toEqual([]);
  });

  it('form no cycle of files at run time', () => {
    // Type imports are erased; the remaining imports must have a load order.
    const graph = new Map([...imports].map(([path, list]) => [path, targetsOf(list.filter((one) => !one.typeOnly))]));
    expect(findCycle(graph)).toEqual([]);
  });

  it('form no cycle of folders in shipped code, type imports included', () => {
    const shipped = [...imports].filter(([path]) => !isTestCode(path));
    const graph = folderGraph(new Map(shipped.map(([path, list]) => [path, targetsOf(list)])));
    expect(graph.size).toBeGreaterThan(20);
    expect(findCycle(graph)).toEqual([]);
  });

  it('name generated messages only in handlers, clients, codecs and the composition of a service', () => {
    const users = [...imports].filter(
      ([path, list]) =>
        serviceNames.some((name) => path.startsWith(`src/${name}/`)) &&
        !isTestCode(path) &&
        !WIRE_CODE.test(path) &&
        targetsOf(list).some((target) => target.startsWith('src/genproto/') && target !== ERROR_REASONS),
    );
    expect(users.map(([path]) => path)).toEqual([]);
  });

  it('name only files that exist', () => {
    const missing = [...imports].flatMap(([path, list]) =>
      list.flatMap(({ target }) =>
        target === undefined || existsSync(projectPath(target)) ? [] : [`${path} -> ${target}`],
      ),
    );
    expect(missing).toEqual([]);
  });
});

describe('the folders of src', () => {
  it('are the services of the topology, console, domain, genproto, launcher and lib, and no others', () => {
    const known = new Set<string>([...serviceNames, 'console', 'domain', 'genproto', 'launcher', 'lib']);
    expect(foldersIn('src').filter((folder) => !known.has(folder))).toEqual([]);
  });

  it('include one for every service', () => {
    expect(foldersIn('src')).toEqual(expect.arrayContaining([...serviceNames]));
  });

  it.each(serviceNames.filter((name) => topology[name].protocol === 'grpc'))(
    'contain the files that every gRPC service has: %s',
    (name) => {
      const files = ['README.md', 'config.ts', 'handlers.ts', 'main.ts', 'service.ts'];
      expect(files.filter((file) => !existsSync(projectPath('src', name, file)))).toEqual([]);
    },
  );

  it('contain at least one test for every service', () => {
    const untested = foldersIn('src').filter(
      (folder) =>
        serviceNames.some((name) => name === folder) &&
        !codePathsBelow(`src/${folder}`).some((path) => isTestCode(path)),
    );
    expect(untested).toEqual([]);
  });
});

describe('the import rules', () => {
  const relative = (target: string): Import => ({ specifier: './x.ts', target, typeOnly: true });
  const npm = (specifier: string): Import => ({ specifier, target: undefined, typeOnly: false });

  it.each([
    ['a service that imports another', 'src/adservice/ads.ts', relative('src/cartservice/cart.ts')],
    ['a test that imports another service', 'src/adservice/ads.test.ts', relative('src/cartservice/cart.ts')],
    ['a platform file that imports the topology', 'src/lib/errors.ts', relative('src/topology.ts')],
    ['a platform file that imports a service', 'src/lib/errors.ts', relative('src/cartservice/cart.ts')],
    [
      'a platform file that imports a contract of the shop',
      'src/lib/errors.ts',
      relative('src/genproto/hipstershop/money.ts'),
    ],
    [
      'a domain file that imports a generated type',
      'src/domain/money.ts',
      relative('src/genproto/hipstershop/money.ts'),
    ],
    ['a domain file that imports I/O', 'src/domain/money.ts', relative('src/lib/grpc/client.ts')],
    ['a domain file that imports a package', 'src/domain/money.ts', npm('zod')],
    ['a console that imports the launcher', 'src/console/layout.tsx', relative('src/launcher/shop.ts')],
    ['a topology that imports a file', 'src/topology.ts', relative('src/domain/money.ts')],
    ['a topology that imports a package', 'src/topology.ts', npm('zod')],
    [
      'a launcher that imports more of a service than its config and entry point',
      'src/launcher/run.ts',
      relative('src/cartservice/cart.ts'),
    ],
    ['shipped code that imports test code', 'src/adservice/ads.ts', relative('src/lib/testing/eventually.ts')],
    ['an import of a process entry', 'src/adservice/ads.ts', relative('src/adservice/main.ts')],
    ['shipped code that imports a development dependency', 'src/adservice/ads.ts', npm('fast-check')],
    ['a package that is not in package.json', 'src/adservice/ads.ts', npm('left-pad/index.js')],
    ['a metric that is declared without src/lib/metrics', 'src/adservice/events.ts', npm('prom-client')],
    ['a Node module without the node: scheme', 'src/adservice/ads.ts', npm('fs')],
  ])('forbid %s', (_what, path, imported) => {
    expect(brokenRule(path, imported, packages)).toBeDefined();
  });

  it.each([
    ['src/adservice/ads.test.ts', npm('fast-check')],
    ['src/launcher/run.ts', relative('src/cartservice/service.ts')],
    ['src/lib/grpc/server.test.ts', relative('src/genproto/hipstershop/cart.ts')],
    ['src/adservice/ads.ts', npm('@grpc/grpc-js')],
    ['src/adservice/ads.ts', npm('node:fs')],
  ])('allow %s to import %o', (path, imported) => {
    expect(brokenRule(path, imported, packages)).toBeUndefined();
  });

  it('recognise every form of import', () => {
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

  it('find a cycle', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', []],
      ['d', ['b']],
    ]);
    expect(findCycle(graph)).toEqual(['b', 'd', 'b']);
  });

  it('find a cycle of folders that is not a cycle of files', () => {
    const files = new Map([
      ['src/lib/grpc/server.ts', ['src/lib/metrics/metrics.ts']],
      ['src/lib/metrics/metrics-server.ts', ['src/lib/grpc/listen.ts']],
    ]);
    expect(findCycle(files)).toEqual([]);
    expect(findCycle(folderGraph(files))).toEqual(['src/lib/grpc', 'src/lib/metrics', 'src/lib/grpc']);
  });

  it('treat each file at the root of a service as a unit', () => {
    const files = new Map([
      ['src/frontend/service.ts', ['src/frontend/pages/home.tsx']],
      ['src/frontend/pages/home.tsx', ['src/frontend/events.ts']],
    ]);
    expect(findCycle(folderGraph(files))).toEqual([]);
  });
});
