import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles as observabilityFiles } from '../observability/generated-files.ts';
import { applyArtifacts, type GeneratedFile } from './artifact.ts';
import { callDiagram } from './call-diagram.ts';
import { meshAccess } from './mesh-access.ts';
import { networkPolicies } from './network-policies.ts';
import { serviceTable } from './service-table.ts';

/** Everything that `make generate` writes, except the code of the protos, which buf writes. */
export function generatedFiles(root: string): GeneratedFile[] {
  const artifacts = [...serviceTable(), ...callDiagram(), ...networkPolicies(), ...meshAccess()];
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  return [...observabilityFiles(), ...applyArtifacts(artifacts, read)];
}

/** Those of the generated files that are absent from the project, or different in it. */
export function staleFiles(root: string): GeneratedFile[] {
  return generatedFiles(root).filter(({ path, text }) => textOf(join(root, path)) !== text);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
