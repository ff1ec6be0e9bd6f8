import {
  configFile,
  domainFile,
  handlersFile,
  mainFile,
  protoFile,
  readmeFile,
  serviceFile,
  testFile,
} from './code-templates.ts';
import { baseManifest, meshManifest } from './manifest-templates.ts';
import type { ServiceNames } from './service-names.ts';

/** A new file, by its path from the project's root. */
export type NewFile = { readonly path: string; readonly text: string };

/** The hand-written files of a new service. `make generate` writes the others. */
export function newServiceFiles(names: ServiceNames, calledBy: string): NewFile[] {
  const { name, protoModule } = names;
  return [
    { path: `protos/${protoModule}.proto`, text: protoFile(names) },
    { path: `src/${name}/README.md`, text: readmeFile(names, calledBy) },
    { path: `src/${name}/main.ts`, text: mainFile(names) },
    { path: `src/${name}/config.ts`, text: configFile(names) },
    { path: `src/${name}/service.ts`, text: serviceFile(names) },
    { path: `src/${name}/handlers.ts`, text: handlersFile(names) },
    { path: `src/${name}/items.ts`, text: domainFile(names) },
    { path: `src/${name}/service.test.ts`, text: testFile(names) },
    { path: `kubernetes-manifests/base/${name}.yaml`, text: baseManifest(names) },
    { path: `istio-manifests/services/${name}.yaml`, text: meshManifest(names) },
  ];
}
