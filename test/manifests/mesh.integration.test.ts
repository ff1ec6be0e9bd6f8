import { parseAllDocuments } from 'yaml';
import { pathsBelow, readSource } from '../architecture/source-files.ts';
import { definitionFaults } from './custom-resources.ts';
import { type KubernetesObject, objectsIn } from './kubernetes-objects.ts';

const files = pathsBelow('istio-manifests').filter(
  (path) => path.endsWith('.yaml') && !path.endsWith('kustomization.yaml'),
);
const OF_KUBERNETES = /^(?:v1|apps\/v1)$/;
const objects = objectsIn(files).filter(({ apiVersion }) => !OF_KUBERNETES.test(apiVersion));

function changed(path: string, from: string, to: string): KubernetesObject[] {
  const text = readSource(path).text;
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  return parseAllDocuments(text.replace(from, to)).map((document) => document.toJS() as KubernetesObject);
}

describe.each(['istio-oldest', 'istio-newest'] as const)('the definitions of %s', (istio) => {
  it('accept every object of the mesh', () => {
    expect(objects.length).toBeGreaterThan(40);
    expect(definitionFaults(objects, istio, 'gateway-api')).toEqual([]);
  });

  const cart = 'istio-manifests/services/cartservice.yaml';
  it.each([
    [
      'a field that there is not',
      cart,
      'retryBudget: {',
      'retryBudget: {share: 2, ',
      'must NOT have additional properties',
    ],
    ['a wrong word', cart, 'simple: LEAST_REQUEST', 'simple: LEAST', 'must be equal to one of the allowed values'],
    ['a wrong type', cart, 'attempts: 2', "attempts: '2'", 'must be integer'],
    ['a malformed time', cart, 'timeout: 2s', 'timeout: 2 s', 'must match pattern'],
    ['a kind of another version', cart, 'security.istio.io/v1', 'security.istio.io/v2', 'no definition of this kind'],
  ])('refuse %s', (_what, path, from, to, fault) => {
    expect(definitionFaults(changed(path, from, to), istio).join('\n')).toContain(fault);
  });
});
