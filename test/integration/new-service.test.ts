import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { environment } from '../../src/lib/config/config.ts';
import { healthOf } from '../../src/lib/grpc/health-of.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { namesOf, requireCaller } from '../../tools/service/service-names.ts';
import { launchOpen } from './launched-shop.ts';

const NOT_COPIED = /^(?:node_modules|\.git|dist|var|coverage)(?:\/|$)/;

/** The tests of the new service, and those that hold every service to the same rules. */
const TESTS = [
  'src/giftservice',
  'src/frontend/config',
  'test/architecture/(topology|imports|files|generated-files)',
  'test/manifests/(base|mesh|network-policies)\\.test',
];

/** A copy of the project's files in a temporary folder, with the installed packages of the project. */
function copyOfProject(): Disposable & { readonly root: string } {
  const root = mkdtempSync(join(tmpdir(), 'mercato-new-service-'));
  cpSync(projectPath(), root, {
    recursive: true,
    preserveTimestamps: true,
    filter: (source) => !NOT_COPIED.test(relative(projectPath(), source)),
  });
  symlinkSync(projectPath('node_modules'), join(root, 'node_modules'));
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

describe('make service', () => {
  it('adds a service that type-checks, passes its tests and the rules, and is served by the launcher', async () => {
    using copy = copyOfProject();
    const { PATH = '' } = environment();
    const run = (command: string, ...args: string[]): string =>
      execFileSync(command, args, { cwd: copy.root, env: { PATH, CI: 'true' }, encoding: 'utf8', stdio: 'pipe' });
    // The packages are those of the project: make must not install them again.
    const installed = ['--old-file=node_modules/jest', '--old-file=node_modules/.package-lock.json'];
    run('make', ...installed, 'service', 'NAME=giftservice', 'CALLED_BY=frontend');

    // Compiles the project with its types checked, and checks the tests of the new service.
    const tests = readdirSync(join(copy.root, 'src/giftservice')).filter((name) => name.endsWith('.test.ts'));
    const checked = {
      extends: './tsconfig.build.json',
      compilerOptions: { noCheck: false, types: ['node', 'jest'] },
      files: tests.map((name) => `src/giftservice/${name}`),
    };
    writeFileSync(join(copy.root, 'tsconfig.checked.json'), JSON.stringify(checked));
    run('node_modules/.bin/tsc', '--project', 'tsconfig.checked.json');
    run(
      'node_modules/.bin/biome',
      'ci',
      '--error-on-warnings',
      'src/giftservice',
      'src/topology.ts',
      'src/contract.ts',
    );
    run('node_modules/.bin/jest', '--selectProjects', 'unit', '--runInBand', ...TESTS);

    await using shop = await launchOpen({ TRACES_EXPORTER: 'none' }, copy.root);
    const [, address = ''] = /^ {2}giftservice +(127\.0\.0\.1:\d+) .* ready$/m.exec(shop.stdout()) ?? [];
    expect(await healthOf(address, 30_000, 'mercato.gift.v1.GiftService')).toBe('SERVING');
  }, 600_000);

  it.each([
    ['gift', 'frontend', 'NAME=gift: expected lower case letters that end in "service"'],
    ['adservice', 'frontend', 'NAME=adservice: the service exists'],
    ['giftservice', 'adservice', 'CALLED_BY=adservice: expected a service with upstreams'],
  ])('refuses NAME=%s CALLED_BY=%s', (name, calledBy, problem) => {
    expect(() => [namesOf(name), requireCaller(calledBy)]).toThrow(problem);
  });
});
