import { type EnvoyPart, extension } from './envoy-config.ts';
import type { AuthorizationRule } from './mesh-rules.ts';

/** The filter of the proxy before a service that lets through what these rules allow, and nothing else. */
export function authorizationFilter(rules: readonly AuthorizationRule[]): EnvoyPart {
  const policies = rules.map(({ from, to }, index) => [
    `rule-${index}`,
    {
      permissions: to.map(({ operation }) => permissionOf(operation)),
      principals: from.map(({ source }) => anyOf('or_ids', 'ids', source.principals.map(principalOf))),
    },
  ]);
  return extension('envoy.filters.http.rbac', 'filters.http.rbac.v3.RBAC', {
    rules: { action: 'ALLOW', policies: Object.fromEntries(policies) },
  });
}

function permissionOf({
  methods = [],
  paths = [],
  ports = [],
}: AuthorizationRule['to'][number]['operation']): EnvoyPart {
  const each = [
    methods.map((method) => ({ header: { name: ':method', string_match: { exact: method } } })),
    paths.map((path) => ({ url_path: { path: { exact: path } } })),
    ports.map((port) => ({ destination_port: Number(port) })),
  ];
  const said = each.filter((alternatives) => alternatives.length > 0);
  return { and_rules: { rules: said.map((alternatives) => anyOf('or_rules', 'rules', alternatives)) } };
}

// A principal is the name in a certificate without its scheme.
function principalOf(principal: string): EnvoyPart {
  return { authenticated: { principal_name: { exact: `spiffe://${principal}` } } };
}

function anyOf(word: string, list: string, alternatives: readonly EnvoyPart[]): EnvoyPart {
  return { [word]: { [list]: alternatives } };
}
