import { backingServers, type ServiceName, serviceNames, topology, upstreamsOf } from '../../src/topology.ts';
import type { Artifact } from './artifact.ts';
import { backingServersOf } from './connections.ts';

/** The second version of the storefront, for the lessons of the mesh. */
const CANARY = 'istio-manifests/lessons/pods/frontend-v2.yaml';
const DISCOVERY = 'kubernetes-manifests/components/client-side-discovery/kustomization.yaml';

/** The environment variables in which services find others: in the base manifests, and those of client-side discovery. */
export function addressVariables(): Artifact[] {
  const base = serviceNames.map((name) => inManifest(`kubernetes-manifests/base/${name}.yaml`, name));
  const patches = serviceNames.filter((name) => upstreamsOf(name).length > 0).flatMap(discoveryPatch);
  return [...base, inManifest(CANARY, 'frontend'), { path: DISCOVERY, region: 'addresses', lines: patches }];
}

function inManifest(path: string, name: ServiceName): Artifact {
  const lines = clusterAddresses(name).map(([variable, address]) => `- {name: ${variable}, value: ${address}}`);
  return { path, region: 'addresses', lines };
}

function clusterAddresses(name: ServiceName): [string, string][] {
  const services = [...upstreamsOf(name), ...topology[name].visits].map((callee): [string, string] => {
    const { addressVariable, servicePort } = topology[callee];
    return [addressVariable, `${callee}:${servicePort}`];
  });
  const backing = backingServersOf(name).flatMap((server): [string, string][] => {
    const { variable, value } = backingServers[server] ?? {};
    return variable === undefined || value === undefined ? [] : [[variable, value]];
  });
  return [...services.toSorted(([a], [b]) => (a < b ? -1 : 1)), ...backing];
}

function discoveryPatch(name: ServiceName): string[] {
  const variables = upstreamsOf(name)
    .map(
      (upstream) =>
        `${topology[upstream].addressVariable}, value: 'dns:///${upstream}-headless:${topology[upstream].port}'`,
    )
    .sort();
  return [
    `- target: {kind: Deployment, name: ${name}}`,
    '  patch: |-',
    '    apiVersion: apps/v1',
    '    kind: Deployment',
    `    metadata: {name: ${name}}`,
    '    spec:',
    '      template:',
    '        spec:',
    '          containers:',
    `            - name: ${name}`,
    '              env:',
    ...variables.map((variable) => `                - {name: ${variable}}`),
  ];
}
