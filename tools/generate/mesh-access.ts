import { backingServers, type ServiceName, serviceNames, topology } from '../../src/topology.ts';
import type { Artifact } from './artifact.ts';
import { callersOf, clientPort, destinationsOf } from './connections.ts';

const FOLDER = 'istio-manifests';
const NAMESPACE = 'mercato';
/** Where every sidecar and every service may send spans. */
const SPAN_RECEIVERS = ['otel-collector', 'jaeger-collector'];
/** The accounts of the ingress gateways: that of `istioctl install`, and that of a gateway of Gateway API. */
const GATEWAYS = [
  'cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account',
  `cluster.local/ns/${NAMESPACE}/sa/storefront-istio`,
];

/** In each file of the mesh: the AuthorizationPolicy of a server, and the Sidecar of a client. */
export function meshAccess(): Artifact[] {
  const services = serviceNames.map((name) => ({
    path: fileOf(name),
    region: 'access',
    lines: [...authorization(name), ...sidecar(name)],
  }));
  const backing = Object.entries(backingServers).map(([name, { users }]) => ({
    path: fileOf(name),
    region: 'access',
    lines: policy(name, byPort([...users].sort().map(principal), clientPort(name))),
  }));
  const names = [...serviceNames, ...Object.keys(backingServers)].sort();
  const resources = {
    path: `${FOLDER}/kustomization.yaml`,
    region: 'services',
    lines: names.map((name) => `- services/${name}.yaml`),
  };
  return [...services, ...backing, resources];
}

function fileOf(name: string): string {
  return `${FOLDER}/services/${name}.yaml`;
}

function authorization(name: ServiceName): string[] {
  const { protocol, port } = topology[name];
  if (protocol === 'none') return [];
  const callers = callersOf(name);
  const rules =
    protocol === 'http'
      ? byPort([...callers.map(principal), ...GATEWAYS], port)
      : serviceNames.filter((caller) => callers.includes(caller)).flatMap((caller) => byRpc(caller, name));
  return [...policy(name, rules), '---'];
}

function byRpc(caller: ServiceName, callee: ServiceName): string[] {
  const { calls, exceptionalCalls } = topology[caller];
  const rpcs = [...(calls[callee] ?? []), ...(exceptionalCalls[callee] ?? [])].sort();
  return [
    '    - from:',
    `        - source: {principals: [${principal(caller)}]}`,
    '      to:',
    '        - operation:',
    '            methods: [POST]',
    '            paths:',
    ...rpcs.map((rpc) => `              - /${topology[callee].grpcService}/${rpc}`),
  ];
}

function byPort(principals: readonly string[], port: number): string[] {
  return [
    '    - from:',
    '        - source:',
    '            principals:',
    ...principals.map((one) => `              - ${one}`),
    '      to:',
    '        - operation:',
    `            ports: ['${port}']`,
  ];
}

function principal(account: string): string {
  return `cluster.local/ns/${NAMESPACE}/sa/${account}`;
}

function policy(name: string, rules: readonly string[]): string[] {
  return [
    'apiVersion: security.istio.io/v1',
    'kind: AuthorizationPolicy',
    ...metadata(name),
    'spec:',
    '  selector:',
    `    matchLabels: {app: ${name}}`,
    '  action: ALLOW',
    '  rules:',
    ...rules,
  ];
}

function sidecar(name: ServiceName): string[] {
  const hosts = [...destinationsOf(name).map((destination) => destination.name), ...SPAN_RECEIVERS];
  return [
    'apiVersion: networking.istio.io/v1',
    'kind: Sidecar',
    ...metadata(name),
    'spec:',
    '  workloadSelector:',
    `    labels: {app: ${name}}`,
    '  outboundTrafficPolicy: {mode: REGISTRY_ONLY}',
    '  egress:',
    '    - hosts:',
    ...hosts.map((host) => `        - ./${host}.${NAMESPACE}.svc.cluster.local`),
  ];
}

function metadata(name: string): string[] {
  return [
    'metadata:',
    `  name: ${name}`,
    '  labels:',
    `    app.kubernetes.io/name: ${name}`,
    '    app.kubernetes.io/part-of: mercato',
  ];
}
