import { backingServers, type ServiceName, serviceNames, topology } from '../../src/topology.ts';
import { type Artifact, GENERATED_FROM_TOPOLOGY } from './artifact.ts';
import { callersOf, clientPort, type Destination, destinationsOf } from './connections.ts';

const FOLDER = 'kubernetes-manifests/components/network-policies';

/** One file of the component `network-policies` for each service and each backing server. */
export function networkPolicies(): Artifact[] {
  const files = [
    ...serviceNames.map((name) =>
      policyFile(name, { partOf: 'mercato', ingress: ingressOf(name), to: destinationsOf(name) }),
    ),
    ...Object.entries(backingServers).map(([name, { user }]) =>
      policyFile(name, { partOf: 'mercato-backing', ingress: ingress([user], clientPort(name)), to: [] }),
    ),
  ];
  const names = [...[...serviceNames].sort(), ...Object.keys(backingServers)];
  return [
    ...files,
    { path: `${FOLDER}/kustomization.yaml`, region: 'services', lines: names.map((name) => `- ${name}.yaml`) },
  ];
}

function ingressOf(name: ServiceName): string[] {
  const { protocol, port } = topology[name];
  if (protocol === 'none') return [];
  // The storefront is the way in: a gateway is outside of the namespace, whichever it is.
  if (protocol === 'http')
    return [
      '  # From anywhere: gateways are outside of this namespace.',
      '  ingress:',
      `    - ports: [{port: ${port}}]`,
    ];
  return ingress(callersOf(name), port);
}

function ingress(callers: readonly string[], port: number): string[] {
  const peers = callers.map((caller) => `        - ${pods(caller)}`);
  return ['  ingress:', '    - from:', ...peers, `      ports: [{port: ${port}}]`];
}

function egress(to: readonly Destination[]): string[] {
  if (to.length === 0) return [];
  const rules = to.flatMap(({ name, port }) => [`    - to: [${pods(name)}]`, `      ports: [{port: ${port}}]`]);
  return ['  egress:', ...rules];
}

function pods(name: string): string {
  return `{podSelector: {matchLabels: {app.kubernetes.io/name: ${name}}}}`;
}

function policyFile(
  name: string,
  policy: { readonly partOf: string; readonly ingress: readonly string[]; readonly to: readonly Destination[] },
): Artifact {
  const types = [...(policy.ingress.length > 0 ? ['Ingress'] : []), ...(policy.to.length > 0 ? ['Egress'] : [])];
  return {
    path: `${FOLDER}/${name}.yaml`,
    lines: [
      GENERATED_FROM_TOPOLOGY,
      'apiVersion: networking.k8s.io/v1',
      'kind: NetworkPolicy',
      'metadata:',
      `  name: ${name}`,
      '  labels:',
      `    app.kubernetes.io/part-of: ${policy.partOf}`,
      'spec:',
      '  podSelector:',
      '    matchLabels:',
      `      app.kubernetes.io/name: ${name}`,
      `  policyTypes: [${types.join(', ')}]`,
      ...policy.ingress,
      ...egress(policy.to),
    ],
  };
}
