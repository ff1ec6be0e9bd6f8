import { backingServers, type ServiceName, serviceNames, topology } from '../../src/topology.ts';
import type { Artifact } from './artifact.ts';
import type { BaseManifest } from './base-manifest.ts';
import { yamlScalar } from './yaml-scalar.ts';

/** Ports of the machine that lead to a service. */
const PUBLISHED: Readonly<Partial<Record<ServiceName, string>>> = { frontend: '127.0.0.1:8080:8080' };

const { users: databaseUsers = [] } = backingServers.postgres ?? {};

/** The services of the shop in compose.yaml, as the base manifests run them. */
export function composeServices(manifestOf: (name: ServiceName) => BaseManifest): Artifact[] {
  return [
    {
      path: 'compose.yaml',
      region: 'services',
      lines: serviceNames.flatMap((name) => composeService(name, manifestOf(name))),
    },
    {
      path: 'compose.yaml',
      region: 'volumes',
      lines: databaseUsers.map((name) => `${databaseVolume(name)}: {}`),
    },
    {
      path: 'compose.yaml',
      region: 'written-secrets',
      lines: databaseUsers.map((name) => `- ${databaseVolume(name)}:/databases/${name}`),
    },
    {
      path: 'compose.yaml',
      region: 'read-secrets',
      lines: databaseUsers.map((name) => `- ${databaseVolume(name)}:/etc/databases/${name}:ro`),
    },
  ];
}

/** The volume with the password and the URL of a service's database. */
function databaseVolume(name: ServiceName): string {
  return `${name}-database`;
}

function composeService(name: ServiceName, manifest: BaseManifest): string[] {
  const { image, env, resources, gracePeriodSeconds, volumeMounts } = manifest;
  const published = PUBLISHED[name];
  const variables = env
    // The manifests send no spans without the observability component; here they always go to Jaeger.
    .filter(({ name: variable }) => variable !== 'TRACES_EXPORTER')
    .map(({ name: variable, value }) => `    ${variable}: ${yamlScalar(containerAddress(value))}`);
  return [
    `${name}:`,
    '  <<: *service',
    `  image: ${image}`,
    `  build: {context: ., args: {SERVICE: ${name}}}`,
    `  mem_limit: ${resources.limits.memory.toLowerCase().replace(/i$/, '')}`,
    `  stop_grace_period: ${gracePeriodSeconds}s`,
    ...(published === undefined ? [] : [`  ports: ['${published}']`]),
    ...volumeMounts.flatMap(({ mountPath }) => [
      `  volumes: ['${databaseVolume(name)}:${mountPath}:ro']`,
      '  depends_on: {postgres: {condition: service_healthy}}',
    ]),
    '  environment:',
    ...variables,
    '    OTEL_EXPORTER_OTLP_ENDPOINT: http://jaeger:4318',
  ];
}

/** A Kubernetes Service may map another port to that of the container. In compose nothing does. */
function containerAddress(value: string): string {
  const callee = serviceNames.find((name) => value === `${name}:${topology[name].servicePort}`);
  return callee === undefined ? value : `${callee}:${topology[callee].port}`;
}
