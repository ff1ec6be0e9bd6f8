import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { environment } from '../../src/lib/config/config.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

const run = promisify(execFile);
const client = (): string => environment().DOCKER ?? 'docker';

/**
 * Runs a docker command in the project's root and returns its output.
 *
 * @throws {Error} with the output, when the command fails
 */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(client(), args, { cwd: projectPath(), maxBuffer: MAX_OUTPUT_BYTES });
  return stdout.trim();
}

/** The output of a container, of both streams. */
export async function printedBy(container: string): Promise<string> {
  const { stdout, stderr } = await run(client(), ['logs', container], { maxBuffer: MAX_OUTPUT_BYTES });
  return stdout + stderr;
}

/** The paths of all files of a container, without a leading slash; folders end with one. */
export async function filesOf(container: string): Promise<string[]> {
  const { stdout } = await run('sh', ['-c', `"${client()}" export ${container} | tar -t`], {
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  return stdout.trim().split('\n');
}

/** Whether the tests started the engine, which then cannot pull images. */
export function isOwnEngine(): boolean {
  return environment().OWN_ENGINE !== undefined;
}

/** Creates base images where they cannot be pulled. Returns the arguments for builds. */
export async function baseArguments(): Promise<readonly string[]> {
  if (!isOwnEngine()) return [];
  await run('sh', [projectPath('scripts', 'images', 'make-bases.sh')], { cwd: projectPath() });
  return [
    // The engine has no bridge network; npm needs network access.
    '--network=host',
    '--build-arg=BUILD_IMAGE=mercato-build:here',
    '--build-arg=BASE_IMAGE=mercato-base:here',
  ];
}
