import { spawnSync } from 'node:child_process';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import type { KubernetesObject } from './kubernetes-objects.ts';

const MAX_TEXT = 1000;

/**
 * The faults of objects by the schemas of a version of Kubernetes, one line each. Unknown fields and kinds are faults.
 *
 * @throws {Error} when kubernetes-validate is not installed: `scripts/install-manifest-tools.sh` installs it
 */
export function schemaFaults(objects: readonly KubernetesObject[], version: string): string[] {
  const tool = projectPath('var/tools/kubernetes-validate');
  // JSON is YAML.
  const input = objects.map((object) => JSON.stringify(object, shortened)).join('\n---\n');
  const { error, status, stdout, stderr } = spawnSync(tool, ['-k', version, '--strict', '--quiet', '-'], {
    input,
    encoding: 'utf8',
  });
  if (error !== undefined) throw new Error(`${tool} cannot be run`, { cause: error });
  const faults = stdout.split('\n').filter((line) => line !== '');
  if (status !== 0 && faults.length === 0) throw new Error(stderr);
  return faults;
}

// Schemas do not check long texts, such as dashboards, which take the tool most of its time.
function shortened(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : value;
}
