import { type ServiceName, serviceNames, topology } from '../../src/topology.ts';
import { type Artifact, GENERATED_FROM_MANIFESTS } from './artifact.ts';
import type { BaseManifest } from './base-manifest.ts';

/** A headless Service for each gRPC service. It resolves to pods, so its port is the port of the container. */
export function headlessServices(manifestOf: (name: ServiceName) => BaseManifest): Artifact[] {
  const names = serviceNames.filter((name) => topology[name].protocol === 'grpc').sort();
  return [
    {
      path: 'kubernetes-manifests/components/client-side-discovery/headless-services.yaml',
      lines: [
        GENERATED_FROM_MANIFESTS,
        '# The DNS name of a headless Service resolves to the addresses of all ready pods. Its port is the container port.',
        ...names.flatMap((name, index) => [
          ...(index === 0 ? [] : ['---']),
          ...headlessService(name, manifestOf(name)),
        ]),
      ],
    },
  ];
}

function headlessService(name: ServiceName, { component }: BaseManifest): string[] {
  return [
    'apiVersion: v1',
    'kind: Service',
    'metadata:',
    `  name: ${name}-headless`,
    '  labels:',
    `    app: ${name}`,
    `    app.kubernetes.io/name: ${name}`,
    `    app.kubernetes.io/component: ${component}`,
    '    app.kubernetes.io/part-of: mercato',
    'spec:',
    '  clusterIP: None',
    '  selector:',
    `    app.kubernetes.io/name: ${name}`,
    '  ports:',
    `    - {name: grpc, port: ${topology[name].port}, targetPort: grpc, appProtocol: grpc}`,
  ];
}
