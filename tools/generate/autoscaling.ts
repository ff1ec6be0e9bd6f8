import { type ServiceName, serviceNames } from '../../src/topology.ts';
import { type Artifact, GENERATED_FROM_MANIFESTS } from './artifact.ts';
import type { BaseManifest } from './base-manifest.ts';

const FOLDER = 'kubernetes-manifests/components/autoscaling';
const CPU_TARGET_PERCENT = 70;
/** Two pods, so that one of them can be drained or fail. */
const MIN_REPLICAS = 2;
/** Every page needs these services, so they may take more of the cluster than the optional ones. */
const MAX_REPLICAS_ESSENTIAL = 6;
const MAX_REPLICAS_OPTIONAL = 4;

/**
 * A HorizontalPodAutoscaler for each service that may run in any number of pods, and a PodDisruptionBudget unless the base has
 * one: the base has it for the services that it runs in several pods.
 */
export function autoscaling(
  manifestOf: (name: ServiceName) => BaseManifest,
  isOptional: (name: ServiceName) => boolean,
): Artifact[] {
  const scaled = serviceNames.filter((name) => manifestOf(name).replicas !== 1).sort();
  const replicated = scaled.filter((name) => manifestOf(name).replicas !== undefined);
  return [
    { path: `${FOLDER}/kustomization.yaml`, region: 'services', lines: scaled.map((name) => `- ${name}.yaml`) },
    {
      path: `${FOLDER}/kustomization.yaml`,
      region: 'replicas',
      lines: [`- target: {kind: Deployment, name: ${replicated.join('|')}}`],
    },
    ...scaled.map((name) => ({
      path: `${FOLDER}/${name}.yaml`,
      lines: scalingFile(name, {
        manifest: manifestOf(name),
        maxReplicas: isOptional(name) ? MAX_REPLICAS_OPTIONAL : MAX_REPLICAS_ESSENTIAL,
      }),
    })),
  ];
}

function scalingFile(name: ServiceName, options: { manifest: BaseManifest; maxReplicas: number }): string[] {
  const { manifest, maxReplicas } = options;
  const metadata = [
    'metadata:',
    `  name: ${name}`,
    '  labels:',
    `    app: ${name}`,
    `    app.kubernetes.io/name: ${name}`,
    `    app.kubernetes.io/component: ${manifest.component}`,
    '    app.kubernetes.io/part-of: mercato',
  ];
  return [
    GENERATED_FROM_MANIFESTS,
    'apiVersion: autoscaling/v2',
    'kind: HorizontalPodAutoscaler',
    ...metadata,
    'spec:',
    `  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ${name}}`,
    `  minReplicas: ${MIN_REPLICAS}`,
    `  maxReplicas: ${maxReplicas}`,
    '  metrics:',
    `    # ${CPU_TARGET_PERCENT} % of the CPU limit of this container; the sidecar of a mesh does not count.`,
    '    - type: ContainerResource',
    '      containerResource:',
    '        name: cpu',
    `        container: ${name}`,
    `        target: {type: AverageValue, averageValue: ${cpuTarget(manifest.resources.limits.cpu)}}`,
    ...(manifest.replicas === undefined ? disruptionBudget(name, metadata) : []),
  ];
}

function disruptionBudget(name: ServiceName, metadata: readonly string[]): string[] {
  return [
    '---',
    'apiVersion: policy/v1',
    'kind: PodDisruptionBudget',
    ...metadata,
    'spec:',
    '  maxUnavailable: 1',
    '  # A pod that is not ready serves no calls, so it must not block the drain of its node.',
    '  unhealthyPodEvictionPolicy: AlwaysAllow',
    '  selector:',
    '    matchLabels:',
    `      app.kubernetes.io/name: ${name}`,
  ];
}

function cpuTarget(limit: string): string {
  const milliCpu = limit.endsWith('m') ? Number(limit.slice(0, -1)) : Number(limit) * 1000;
  return `${(milliCpu * CPU_TARGET_PERCENT) / 100}m`;
}
