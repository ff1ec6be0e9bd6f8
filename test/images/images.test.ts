import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { serviceNames } from '../../src/topology.ts';
import {
  type Build,
  type BuiltImage,
  copiedLayers,
  imageBuilder,
  imageConfig,
  imageOf,
  layerDigests,
} from './build.ts';
import { docker, filesOf } from './docker.ts';

const MEGABYTE = 1e6;

/** A copy of the build context that a test may change. */
function copyOfProject(): { readonly folder: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'mercato-context-'));
  for (const name of [
    'Dockerfile',
    '.dockerignore',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'protos',
    'src',
  ]) {
    cpSync(projectPath(name), join(folder, name), { recursive: true });
  }
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

describe('the images', () => {
  let build: Build;
  let built: BuiltImage[];

  beforeAll(async () => {
    build = await imageBuilder();
    built = await build(projectPath());
  }, 600_000);

  it('share one layer of dependencies and have a small layer of their own each', async () => {
    const sizes = new Set<number>();
    const layers = new Set<string>();
    for (const service of serviceNames) {
      const layersWithFiles = (await copiedLayers(service)).filter(({ bytes }) => bytes > 0);
      const [code, dependencies, ...others] = layersWithFiles;
      expect(others).toEqual([]);
      expect(code?.bytes).toBeLessThanOrEqual(MEGABYTE);
      expect(dependencies?.bytes).toBeLessThanOrEqual(100 * MEGABYTE);
      sizes.add(dependencies?.bytes ?? 0);
      layers.add((await layerDigests(service)).slice(0, -1).join(' '));
    }
    expect([sizes.size, layers.size]).toEqual([1, 1]);
  });

  it('run without root, with a heap sized to the memory limit, and have labels', async () => {
    for (const service of serviceNames) {
      const { User, Env, Cmd, Labels } = await imageConfig(service);
      expect({ User, Cmd }).toEqual({ User: '65532:65532', Cmd: ['dist/main.js'] });
      expect(Env).toContain('NODE_ENV=production');
      expect(Env.find((one) => one.startsWith('NODE_OPTIONS='))).toContain('--max-old-space-size-percentage=');
      expect(Labels).toMatchObject({
        'org.opencontainers.image.title': `mercato-${service}`,
        'org.opencontainers.image.licenses': 'Apache-2.0',
      });
    }
  });

  it('contain no compiler, no tests, no other service and no shell', async () => {
    const container = await docker('create', imageOf('cartservice'));
    try {
      const files = await filesOf(container);
      expect(files).toContain('app/dist/cartservice/service.js');
      expect(files).toContain('app/protos/hipstershop/cart.proto');
      const odd =
        /^app\/(?:node_modules\/(?:typescript|jest|@biomejs|@swc)\/|src\/|dist\/(?!cartservice|domain|lib|genproto|[a-z-]+\.js))|^app\/dist\/.*\.(?:test|testing|contract)\.|^app\/.*\.(?:map|[cm]?ts)$|^(?:usr\/)?bin\/(?:ba|da)?sh$/;
      expect(files.filter((file) => odd.test(file) && !file.endsWith('/'))).toEqual([]);
    } finally {
      await docker('rm', container);
    }
  });

  it('are not built from code with a type error', async () => {
    using copy = copyOfProject();
    appendFileSync(join(copy.folder, 'src', 'adservice', 'ads.ts'), "\nexport const count: number = 'one';\n");
    await expect(build(copy.folder, ['adservice'])).rejects.toThrow('is not assignable to type');
  });

  it('do not change, except the image of the service whose source changed', async () => {
    using copy = copyOfProject();
    await build(copy.folder);
    appendFileSync(
      join(copy.folder, 'src', 'adservice', 'ads.ts'),
      '\n// One more line.\nexport const ONE_MORE = 1;\n',
    );
    const again = await build(copy.folder);
    const before = new Map(built.map(({ service, id }) => [service, id]));
    expect(again.filter(({ service, id }) => before.get(service) !== id).map(({ service }) => service)).toEqual([
      'adservice',
    ]);
    const seconds = again.find(({ service }) => service === 'adservice')?.seconds;
    const own = (await copiedLayers('adservice')).map(({ bytes }) => `${(bytes / MEGABYTE).toFixed(2)} MB`);
    process.stdout.write(
      `images: own code and dependencies ${own.join(', ')}; built again in ${seconds?.toFixed(1)} s\n`,
    );
  });
});
