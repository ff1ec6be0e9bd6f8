import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isOptional, type ServiceName } from '../../src/topology.ts';
import { observabilityTables } from '../observability/document.ts';
import { generatedFiles as observabilityFiles } from '../observability/generated-files.ts';
import { addressVariables } from './addresses.ts';
import { applyArtifacts, type GeneratedFile } from './artifact.ts';
import { autoscaling } from './autoscaling.ts';
import { type BaseManifest, readBaseManifest } from './base-manifest.ts';
import { callDiagram } from './call-diagram.ts';
import { composeServices } from './compose-services.ts';
import { configurationDocument } from './configuration-document.ts';
import { decisionIndex } from './decision-index.ts';
import { headlessServices } from './headless-services.ts';
import { meshAccess } from './mesh-access.ts';
import { meshCallTable } from './mesh-call-table.ts';
import { networkPolicies } from './network-policies.ts';
import { serviceCode } from './service-code.ts';
import { serviceDescriptions } from './service-descriptions.ts';
import { serviceLists } from './service-lists.ts';

/** Everything that `make generate` writes, except the code of the protos, which buf writes. */
export async function generatedFiles(root: string): Promise<GeneratedFile[]> {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(read('package.json')));
  const fromTopology = applyArtifacts(
    [
      ...serviceDescriptions(),
      ...callDiagram(),
      ...(await configurationDocument()),
      ...decisionIndex(root),
      ...networkPolicies(),
      ...meshAccess(),
      ...meshCallTable(read),
      ...addressVariables(),
      ...headlessServices(),
      ...serviceLists(version),
      ...observabilityTables(),
    ],
    read,
  );
  // Read after their addresses are in place: what follows repeats them.
  const baseTexts = new Map(fromTopology.map(({ path, text }) => [path, text]));
  const manifestOf = (name: ServiceName): BaseManifest => {
    const path = `kubernetes-manifests/base/${name}.yaml`;
    return readBaseManifest(baseTexts.get(path) ?? read(path));
  };
  const fromManifests = applyArtifacts([...composeServices(manifestOf), ...autoscaling(manifestOf, isOptional)], read);
  return [...observabilityFiles(), ...generatedCode(root), ...fromTopology, ...fromManifests];
}

/** The code that the generator itself imports, and that must exist before the rest can be generated. */
export function generatedCode(root: string): GeneratedFile[] {
  return applyArtifacts(serviceCode(), (path) => readFileSync(join(root, path), 'utf8'));
}

/** Those of some generated files that are absent from the project, or different in it. */
export function staleAmong(files: readonly GeneratedFile[], root: string): GeneratedFile[] {
  return files.filter(({ path, text }) => textOf(join(root, path)) !== text);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
