import type { ServiceName } from '../../src/topology.ts';
import { readSource } from '../architecture/source-files.ts';
import { objectsIn } from '../manifests/kubernetes-objects.ts';
import { authorizationFilter } from './authorization.ts';
import { clusterOf, type EnvoyPart, passOn, routesTo } from './envoy-config.ts';
import { meshRulesOf, policiesOf } from './mesh-rules.ts';
import { callerTransport, strictTransport } from './mutual-tls.ts';

type Outbound = { readonly cluster: unknown; readonly transport: unknown; readonly routes: unknown };
type Inbound = { readonly transport: unknown; readonly authorization: unknown; readonly routes: unknown };

const golden = <T>(file: string): [ServiceName, T][] =>
  Object.entries(JSON.parse(readSource(`test/mesh/golden/${file}.json`).text) as Record<ServiceName, T>) as [
    ServiceName,
    T,
  ][];
const manifests = objectsIn(['test/mesh/golden/manifests.yaml']);

/** Fields that only the tests set: addresses of replicas, and certificates as files instead of secrets. */
const OF_TESTS = new Set(['name', 'type', 'load_assignment', 'cluster', 'tls_certificates']);

/**
 * A part of the tests' configuration in the form in which istiod's is printed: fields in camel case, durations with three
 * decimals or none, 64-bit numbers as text.
 */
function printed(part: unknown, field = ''): unknown {
  if (Array.isArray(part)) return part.map((item) => printed(item));
  if (typeof part === 'number') return field === 'host_selection_retry_max_attempts' ? String(part) : part;
  if (typeof part === 'string') return printedDuration(part);
  if (typeof part !== 'object' || part === null) return part;
  const fields = Object.entries(part).map(([name, value]) => [camelCase(name), printed(value, name)]);
  return Object.fromEntries(fields);
}

function camelCase(name: string): string {
  // Keys of maps, such as the names of policies, are not field names.
  return /^[a-z0-9_]+$/.test(name)
    ? name.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase())
    : name;
}

function printedDuration(text: string): string {
  const [, seconds] = /^(\d+\.\d+)s$/.exec(text) ?? [];
  return seconds === undefined ? text : `${Number(seconds).toFixed(3)}s`;
}

function without(part: EnvoyPart, fields: ReadonlySet<string>): EnvoyPart {
  return Object.fromEntries(Object.entries(part).filter(([name]) => !fields.has(name)));
}

/** The context of a TLS transport socket without its files; istiod names secrets in their place. */
function tlsContext({ typed_config }: EnvoyPart): EnvoyPart {
  const { common_tls_context, ...context } = typed_config as { readonly common_tls_context: EnvoyPart };
  const { validation_context, ...common } = without(common_tls_context, OF_TESTS);
  const names = without(validation_context as EnvoyPart, new Set(['trusted_ca']));
  return { ...context, common_tls_context: { ...common, ...names } };
}

const routesWithoutCluster = (routes: readonly EnvoyPart[]): EnvoyPart[] =>
  routes.map(({ match, route }) => ({ match, route: without(route as EnvoyPart, OF_TESTS) }));

describe.each(golden<Outbound>('outbound'))(
  'the configuration of a caller of %s',
  (service, { cluster, transport, routes }) => {
    const rules = meshRulesOf(service, manifests);

    it('has the cluster that istiod generates from the DestinationRule', () => {
      expect(printed(without(clusterOf(rules, []), OF_TESTS))).toEqual(cluster);
    });

    it('has the routes that istiod generates from the VirtualService', () => {
      expect(printed(routesWithoutCluster(routesTo(rules)))).toEqual(routes);
    });

    it('has the TLS context that istiod generates', () => {
      const own = { certificate: 'certificate', key: 'key' };
      expect(printed(tlsContext(callerTransport('root', { to: service, own })))).toEqual(transport);
    });
  },
);

describe.each(golden<Inbound>('inbound'))(
  'the configuration in front of %s',
  (service, { transport, authorization, routes }) => {
    it('has the RBAC filter that istiod generates from the AuthorizationPolicies', () => {
      expect(printed(authorizationFilter(policiesOf(service, manifests)).typed_config)).toEqual(authorization);
    });

    it('has the route that istiod generates', () => {
      expect(printed(routesWithoutCluster([passOn(service)]))).toEqual(routes);
    });

    it('has the TLS context that istiod generates from a strict PeerAuthentication', () => {
      expect(printed(tlsContext(strictTransport('root', { certificate: 'certificate', key: 'key' })))).toEqual(
        transport,
      );
    });
  },
);
