import { type ServiceName, serviceNames } from '../../src/topology.ts';
import { baseArguments, docker } from './docker.ts';

/** An image that was built. */
export type BuiltImage = { readonly service: ServiceName; readonly id: string; readonly seconds: number };

/** A layer of an image, from the last one down. */
export type Layer = { readonly bytes: number; readonly madeBy: string };

/** The name of a service's image. */
export function imageOf(service: ServiceName): string {
  return `mercato/${service}:check`;
}

/** Builds images from a folder that holds the project. */
export type Build = (folder: string, services?: readonly ServiceName[]) => Promise<BuiltImage[]>;

// Enough for two cores: a build compiles, and waits for the engine.
const CONCURRENT_BUILDS = 3;

/** Prepares builds; creates base images where they cannot be pulled. */
export async function imageBuilder(): Promise<Build> {
  const bases = await baseArguments();
  const build = async (folder: string, service: ServiceName): Promise<BuiltImage> => {
    const startedAt = performance.now();
    await docker('build', '--quiet', ...bases, `--build-arg=SERVICE=${service}`, '--tag', imageOf(service), folder);
    const id = await docker('image', 'inspect', '--format={{.Id}}', imageOf(service));
    return { service, id, seconds: (performance.now() - startedAt) / 1000 };
  };
  return async (folder, services = serviceNames) => {
    const [first, ...waiting] = services;
    // Alone: two builds that make a shared layer at the same time make two layers.
    const built = first === undefined ? [] : [await build(folder, first)];
    const buildNext = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
        built.push(await build(folder, next));
    };
    await Promise.all(Array.from({ length: CONCURRENT_BUILDS }, buildNext));
    return built;
  };
}

/** The layers of an image that its Dockerfile copied, and how large they are. */
export async function copiedLayers(service: ServiceName): Promise<Layer[]> {
  const text = await docker(
    'history',
    '--no-trunc',
    '--human=false',
    '--format={{.Size}} {{.CreatedBy}}',
    imageOf(service),
  );
  return text
    .split('\n')
    .map((line) => ({ bytes: Number(line.split(' ')[0]), madeBy: line.slice(line.indexOf(' ') + 1) }))
    .filter(({ madeBy }) => madeBy.startsWith('COPY'));
}

/** The digests of an image's layers, from the first one up. */
export async function layerDigests(service: ServiceName): Promise<string[]> {
  return JSON.parse(await docker('image', 'inspect', '--format={{json .RootFS.Layers}}', imageOf(service))) as string[];
}

/** One part of an image's description. */
export async function imageConfig(service: ServiceName): Promise<{
  readonly User: string;
  readonly Env: readonly string[];
  readonly Cmd: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
}> {
  return JSON.parse(await docker('image', 'inspect', '--format={{json .Config}}', imageOf(service)));
}
