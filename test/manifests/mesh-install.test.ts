import { type KubernetesObject, objectsIn } from './kubernetes-objects.ts';
import { resourcesIn } from './kustomization.ts';
import { meshObjects, ofKind } from './mesh.ts';
import { COMPONENT } from './observability.ts';

type Install = {
  readonly spec: {
    readonly components: { readonly cni: { readonly enabled: boolean } };
    readonly meshConfig: {
      readonly defaultHttpRetryPolicy: { readonly attempts: number };
      readonly defaultProviders: { readonly metrics: readonly string[]; readonly tracing: readonly string[] };
      readonly defaultConfig: { readonly tracing: { readonly sampling: number } };
      readonly extensionProviders: readonly {
        readonly name: string;
        readonly opentelemetry: { readonly service: string; readonly port: number };
      }[];
    };
    readonly values: { readonly global: { readonly proxy: { readonly seccompProfile: { readonly type: string } } } };
  };
};
type Telemetry = KubernetesObject & {
  readonly spec: { readonly tracing: readonly { readonly providers: readonly { readonly name: string }[] }[] };
};
type Service = KubernetesObject & {
  readonly spec: { readonly ports: readonly { readonly port: number }[]; readonly clusterIP?: string };
};

describe('the installation of Istio', () => {
  const [{ spec } = { spec: undefined }] = objectsIn(['scripts/mesh/istio-operator.yaml']) as unknown as Install[];
  const provider = spec?.meshConfig.extensionProviders[0];

  it('lets pods with a sidecar meet the restricted standard', () => {
    expect(spec?.components.cni.enabled).toBe(true);
    expect(spec?.values.global.proxy.seccompProfile).toEqual({ type: 'RuntimeDefault' });
  });

  it('disables default retries', () => {
    expect(spec?.meshConfig.defaultHttpRetryPolicy).toEqual({ attempts: 0 });
  });

  it('traces every request from the gateway on, with the provider of the shop', () => {
    const tracingProviders = ofKind<Telemetry>('Telemetry', meshObjects()).flatMap(({ spec: { tracing } }) =>
      tracing.flatMap(({ providers }) => providers.map(({ name }) => name)),
    );
    expect(tracingProviders).toEqual([provider?.name]);
    expect(spec?.meshConfig.defaultProviders.tracing).toEqual(tracingProviders);
    expect(spec?.meshConfig.defaultConfig.tracing.sampling).toBe(100);
  });

  it('keeps the metrics of Istio, which other default providers would disable', () => {
    expect(spec?.meshConfig.defaultProviders.metrics).toEqual(['prometheus']);
  });

  it('sends spans to a Service with a cluster IP', () => {
    const { service = '', port } = provider?.opentelemetry ?? {};
    const [name] = service.split('.');
    const [target] = ofKind<Service>('Service', resourcesIn(COMPONENT)).filter(
      ({ metadata }) => metadata.name === name,
    );
    expect(service).toBe(`${name}.mercato.svc.cluster.local`);
    expect(target?.spec.ports.map((one) => one.port)).toContain(port);
    expect(target?.spec.clusterIP).toBeUndefined();
  });
});
