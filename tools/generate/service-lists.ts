import { backingServers, serviceNames, upstreamsOf } from '../../src/topology.ts';
import type { Artifact } from './artifact.ts';

/** Lists of all services: the base manifests, the images of a version, the modules of skaffold. */
export function serviceLists(version: string): Artifact[] {
  const sorted = [...serviceNames].sort();
  return [
    {
      path: 'kubernetes-manifests/base/kustomization.yaml',
      region: 'services',
      lines: [...sorted, ...Object.keys(backingServers)].map((name) => `- ${name}.yaml`),
    },
    {
      path: 'kubernetes-manifests/components/container-images-tag/kustomization.yaml',
      region: 'images',
      lines: sorted.map((name) => `- {name: mercato/${name}, newTag: ${version}}`),
    },
    {
      path: 'kubernetes-manifests/profiles/istio/kustomization.yaml',
      region: 'clients',
      lines: [
        `- target: {kind: Deployment, name: ${serviceNames.filter((name) => upstreamsOf(name).length > 0).join('|')}}`,
      ],
    },
    // The module of the load generator has more to it, and is written by hand.
    {
      path: 'skaffold.yaml',
      region: 'modules',
      lines: sorted.filter((name) => name !== 'loadgenerator').flatMap(module),
    },
  ];
}

function module(name: string): string[] {
  return [
    '---',
    'apiVersion: skaffold/v4beta13',
    'kind: Config',
    'metadata:',
    `  name: ${name}`,
    'requires:',
    '  - configs: [mercato]',
    'build:',
    '  tagPolicy: {inputDigest: {}}',
    '  local: {useBuildkit: true}',
    '  artifacts:',
    `    - image: mercato/${name}`,
    '      docker:',
    `        buildArgs: {SERVICE: ${name}}`,
  ];
}
