import { parseAllDocuments, visit } from 'yaml';
import { readSource } from '../architecture/source-files.ts';
import { BASE, baseObjects, deployedNames, objectsOfFile, workloadOf } from './base.ts';
import { workloadsOf } from './kubernetes-objects.ts';

/** The one order of the fields of a Deployment, by the field that they are below. A field may be left out. */
const ORDER: Readonly<Record<string, readonly string[]>> = {
  '': ['apiVersion', 'kind', 'metadata', 'spec'],
  metadata: ['name', 'labels', 'annotations'],
  spec: ['replicas', 'strategy', 'selector', 'template'],
  'spec.template': ['metadata', 'spec'],
  'spec.template.spec': [
    'serviceAccountName',
    'automountServiceAccountToken',
    'enableServiceLinks',
    'priorityClassName',
    'terminationGracePeriodSeconds',
    'securityContext',
    'topologySpreadConstraints',
    'containers',
    'volumes',
  ],
  'spec.template.spec.securityContext': ['runAsNonRoot', 'runAsUser', 'runAsGroup', 'fsGroup', 'seccompProfile'],
  'spec.template.spec.containers.0': [
    'name',
    'image',
    'imagePullPolicy',
    'command',
    'args',
    'ports',
    'env',
    'startupProbe',
    'readinessProbe',
    'livenessProbe',
    'lifecycle',
    'resources',
    'securityContext',
    'volumeMounts',
  ],
  'spec.template.spec.containers.0.resources': ['requests', 'limits'],
  'spec.template.spec.containers.0.securityContext': [
    'allowPrivilegeEscalation',
    'readOnlyRootFilesystem',
    'capabilities',
  ],
};

function below(tree: unknown, path: string): object {
  const keys = path === '' ? [] : path.split('.');
  return keys.reduce((value, key) => (value as Record<string, unknown>)[key], tree) as object;
}

const objects = baseObjects();

describe.each(deployedNames)('the file of %s', (name) => {
  const file = objectsOfFile(name);
  const { object, labels, pod } = workloadOf(file, name);

  it.each(Object.entries(ORDER))('has the fields below "%s" in the order that every file has', (path, order) => {
    const fields = Object.keys(below(object, path));
    expect(fields).toEqual(order.filter((field) => fields.includes(field)));
  });

  it('writes each quantity and each port in one line', () => {
    for (const document of parseAllDocuments(readSource(`${BASE}/${name}.yaml`).text)) {
      visit(document, {
        Pair: (_key, { key, value }) => {
          const field = String(key);
          if (field === 'requests' || field === 'limits') expect(value).toMatchObject({ flow: true });
        },
      });
    }
  });

  it('labels everything in one way', () => {
    for (const found of [labels, ...file.map(({ metadata }) => metadata.labels)]) {
      expect(Object.keys(found ?? {})).toEqual([
        'app',
        'app.kubernetes.io/name',
        'app.kubernetes.io/component',
        'app.kubernetes.io/part-of',
      ]);
      expect(found).toEqual({ ...labels, app: name, 'app.kubernetes.io/name': name });
    }
    expect(object.spec?.selector).toEqual({ matchLabels: { 'app.kubernetes.io/name': name } });
  });

  it('has an account without a token', () => {
    expect(file.find(({ kind }) => kind === 'ServiceAccount')).toMatchObject({ automountServiceAccountToken: false });
    expect(pod.automountServiceAccountToken).toBe(false);
  });
});

describe('every service of the shop', () => {
  const services = workloadsOf(objects).filter(({ labels }) => labels['app.kubernetes.io/part-of'] === 'mercato');

  it.each(services.map((workload) => [workload.name, workload] as const))(
    'is replaced without a gap, and spread over zones and nodes where there are some: %s',
    (name, { object, pod }) => {
      expect(object.spec).toMatchObject({
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      });
      const matchLabels = { 'app.kubernetes.io/name': name };
      const over = (topologyKey: string) => ({
        topologyKey,
        maxSkew: 1,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels },
        matchLabelKeys: ['pod-template-hash'],
      });
      expect(pod).toMatchObject({
        topologySpreadConstraints: [over('topology.kubernetes.io/zone'), over('kubernetes.io/hostname')],
      });
    },
  );

  it.each(services.map((workload) => [workload.name, workload] as const))(
    'runs as the user of its image: %s',
    (_name, { pod }) => expect(pod.securityContext).toMatchObject({ runAsUser: 65532, runAsGroup: 65532 }),
  );
});
