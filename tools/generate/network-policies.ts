import { backingServers, type ServiceName, serviceNames, topology } from '../../src/topology.ts';
import { type Artifact, GENERATED_FROM_TOPOLOGY } from './artifact.ts';
import { callersOf, clientPort, type Destination, destinationsOf } from './connections.ts';

const FOLDER = 'kubernetes-manifests/components/network-policies';
const GATEWAY_API = 'gateway-api';

/** One file of the component `network-policies` for each service and each backing server. */
export function networkPolicies(): Artifact[] {
  const files = [
    ...serviceNames.map((name) =>
      policyFile(name, { partOf: 'mercato', ingress: ingressOf(name), to: destinationsOf(name) }),
    ),
    ...Object.entries(backingServers).map(([name, { users }]) =>
      policyFile(name, { partOf: 'mercato-backing', ingress: ingress([...users].sort(), clientPort(name)), to: [] }),
    ),
  ];
  const names = [...[...serviceNames].sort(), ...Object.keys(backingServers), GATEWAY_API];
  return [
    ...files,
    { path: `${FOLDER}/${GATEWAY_API}.yaml`, lines: gatewayApi() },
    { path: `${FOLDER}/kustomization.yaml`, region: 'services', lines: names.map((name) => `- ${name}.yaml`) },
  ];
}

// The label that Gateway API gives to the pods of the Gateway `storefront`.
const GATEWAY_POD = 'gateway.networking.k8s.io/gateway-name: storefront';

const JAEGER_OTLP_PORT = 4317;

/** The policies of the gateway's pod, which Istio creates in the namespace of the shop, and of the spans that it sends. */
function gatewayApi(): string[] {
  const storefronts = serviceNames.filter((name) => topology[name].protocol === 'http');
  return [
    GENERATED_FROM_TOPOLOGY,
    '# Without effect where istio-manifests/gateway-api is absent.',
    ...policyHead('gateway', { partOf: 'mercato', podLabel: GATEWAY_POD, types: ['Ingress', 'Egress'] }),
    '  # From anywhere, to the port of the listener.',
    '  ingress:',
    '    - ports: [{port: 80}]',
    ...egress([
      ...storefronts.map((name) => ({ name, port: topology[name].port })),
      { name: 'jaeger', port: JAEGER_OTLP_PORT },
    ]),
    '---',
    ...policyHead('gateway-spans', {
      partOf: 'mercato',
      podLabel: 'app.kubernetes.io/name: jaeger',
      types: ['Ingress'],
    }),
    '  ingress:',
    `    - from: [{podSelector: {matchLabels: {${GATEWAY_POD}}}}]`,
    `      ports: [{port: ${JAEGER_OTLP_PORT}}]`,
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
      ...policyHead(name, { partOf: policy.partOf, podLabel: `app.kubernetes.io/name: ${name}`, types }),
      ...policy.ingress,
      ...egress(policy.to),
    ],
  };
}

function policyHead(
  name: string,
  policy: { readonly partOf: string; readonly podLabel: string; readonly types: readonly string[] },
): string[] {
  return [
    'apiVersion: networking.k8s.io/v1',
    'kind: NetworkPolicy',
    'metadata:',
    `  name: ${name}`,
    '  labels:',
    `    app.kubernetes.io/part-of: ${policy.partOf}`,
    'spec:',
    '  podSelector:',
    '    matchLabels:',
    `      ${policy.podLabel}`,
    `  policyTypes: [${policy.types.join(', ')}]`,
  ];
}
