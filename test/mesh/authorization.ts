import { type EnvoyPart, extension } from './envoy-config.ts';
import type { AuthorizationRule, Policy } from './mesh-rules.ts';

/**
 * The RBAC filter of the proxy in front of a service. As in Istio, all ALLOW policies of a workload are one filter: a
 * request that matches none of their rules is refused, and a policy without rules matches nothing.
 */
export function authorizationFilter(policies: readonly Policy[]): EnvoyPart {
  const entries = policies.flatMap(({ name, rules }) =>
    rules.length === 0
      ? [[ruleName(name, 0), NOTHING] as const]
      : rules.map((rule, index) => [ruleName(name, index), policyOf(rule)] as const),
  );
  return extension('envoy.filters.http.rbac', 'filters.http.rbac.v3.RBAC', {
    rules: { policies: Object.fromEntries(entries) },
  });
}

const NOTHING = { permissions: [{ not_rule: { any: true } }], principals: [{ not_id: { any: true } }] };

function ruleName(policy: string, index: number): string {
  return `ns[mercato]-policy[${policy}]-rule[${index}]`;
}

function policyOf({ from, to }: AuthorizationRule): EnvoyPart {
  return {
    permissions: to.map(({ operation }) => permissionOf(operation)),
    principals:
      from === undefined
        ? [{ and_ids: { ids: [{ any: true }] } }]
        : from.map(({ source }) => ({
            and_ids: { ids: [{ or_ids: { ids: source.principals.map(principalOf) } }] },
          })),
  };
}

function permissionOf({
  methods = [],
  paths = [],
  ports = [],
}: AuthorizationRule['to'][number]['operation']): EnvoyPart {
  const conditions = [
    methods.map((method) => ({ header: { name: ':method', string_match: { exact: method } } })),
    paths.map((path) => ({ url_path: { path: { exact: path } } })),
    ports.map((port) => ({ destination_port: Number(port) })),
  ].filter((alternatives) => alternatives.length > 0);
  return { and_rules: { rules: conditions.map((alternatives) => ({ or_rules: { rules: alternatives } })) } };
}

// A principal in a policy is the SPIFFE id of the certificate without its scheme.
function principalOf(principal: string): EnvoyPart {
  return { authenticated: { principal_name: { exact: `spiffe://${principal}` } } };
}
