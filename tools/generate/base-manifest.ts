import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const container = z.object({
  image: z.string(),
  env: z.array(z.object({ name: z.string(), value: z.string() })),
  resources: z.object({ limits: z.object({ cpu: z.string(), memory: z.string() }) }),
  volumeMounts: z.array(z.object({ mountPath: z.string() })).default([]),
});

const deployment = z.object({
  kind: z.literal('Deployment'),
  metadata: z.object({ labels: z.object({ 'app.kubernetes.io/component': z.string() }) }),
  spec: z.object({
    replicas: z.number().optional(),
    template: z.object({
      spec: z.object({ terminationGracePeriodSeconds: z.number(), containers: z.tuple([container]) }),
    }),
  }),
});

/** What other files repeat of the Deployment of a service. */
export type BaseManifest = z.output<typeof container> & {
  /** The label `app.kubernetes.io/component`. */
  readonly component: string;
  /** Absent where the base runs one pod, and any number may run; 1 where no more may run. */
  readonly replicas: number | undefined;
  readonly gracePeriodSeconds: number;
};

/**
 * Reads the Deployment of a service, the first document of its file in `kubernetes-manifests/base`.
 *
 * @throws {ZodError} when the file has another form
 */
export function readBaseManifest(text: string): BaseManifest {
  const [document] = parseAllDocuments(text);
  const { metadata, spec } = deployment.parse(document?.toJS());
  const pod = spec.template.spec;
  return {
    ...pod.containers[0],
    component: metadata.labels['app.kubernetes.io/component'],
    replicas: spec.replicas,
    gracePeriodSeconds: pod.terminationGracePeriodSeconds,
  };
}
