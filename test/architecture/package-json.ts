import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { projectPath } from '../../src/lib/runtime/project-root.ts';

const names = z.record(z.string(), z.string()).transform((versions) => Object.keys(versions));

const packageJson = z.object({
  dependencies: names,
  optionalDependencies: names,
  devDependencies: names,
  overrides: names,
});

/** Names of the packages that package.json asks for, by the kind of need. */
export function directDependencies(): z.output<typeof packageJson> {
  return packageJson.parse(JSON.parse(readFileSync(projectPath('package.json'), 'utf8')));
}
