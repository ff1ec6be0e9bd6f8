import { execFileSync } from 'node:child_process';
import { projectPath } from '../../src/lib/project-root.ts';
import { type KubernetesObject, objectsOf } from './kubernetes-objects.ts';

/**
 * The objects that kustomize makes of a folder.
 *
 * @throws {Error} when it refuses, or is not there: `scripts/install-kustomize.sh` installs it
 */
export function rendered(folder: string): KubernetesObject[] {
  return objectsOf(execFileSync(projectPath('var/tools/kustomize'), ['build', folder], { encoding: 'utf8' }));
}
