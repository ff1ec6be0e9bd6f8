import type { KubernetesObject } from './kubernetes-objects.ts';

type Labels = Readonly<Record<string, string>>;
type Requirement = { readonly key: string; readonly operator: string; readonly values?: readonly string[] };
type Selector = { readonly matchLabels?: Labels; readonly matchExpressions?: readonly Requirement[] };
type Peer = {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string };
};
type Port = { readonly port: number; readonly protocol?: string };
type Rule = { readonly from?: readonly Peer[]; readonly to?: readonly Peer[]; readonly ports?: readonly Port[] };

/** A NetworkPolicy. */
export type NetworkPolicy = {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
  };
};

/** A pod at one end of a connection. */
export type Pod = { readonly namespace: string; readonly labels: Labels };

/** An address outside the cluster. */
export const OUTSIDE = 'outside';

/** One end of a connection. */
export type End = Pod | typeof OUTSIDE;

/** The policies among some objects. */
export function policiesOf(objects: readonly KubernetesObject[]): NetworkPolicy[] {
  return objects.filter(({ kind }) => kind === 'NetworkPolicy') as unknown as NetworkPolicy[];
}

/**
 * Whether the policies of a namespace allow a connection to a port. At each end, a pod that no policy selects is
 * unrestricted; otherwise a rule must allow the connection.
 *
 * Source: Kubernetes, NetworkPolicy networking.k8s.io/v1.
 */
export function allows(
  policies: { readonly namespace: string; readonly all: readonly NetworkPolicy[] },
  connection: { readonly from: End; readonly to: End; readonly port: number; readonly protocol?: string },
): boolean {
  const { from, to, port, protocol = 'TCP' } = connection;
  const selecting = (end: End, type: 'Ingress' | 'Egress') =>
    end === OUTSIDE || end.namespace !== policies.namespace
      ? []
      : policies.all.filter(({ spec }) => spec.policyTypes.includes(type) && matches(spec.podSelector, end.labels));
  const permits = (rule: Rule, peers: readonly Peer[] | undefined, other: End): boolean =>
    (rule.ports ?? [{ port, protocol }]).some((one) => one.port === port && (one.protocol ?? 'TCP') === protocol) &&
    (peers === undefined || peers.some((peer) => isAt(peer, other, policies.namespace)));
  const leaving = selecting(from, 'Egress');
  const entering = selecting(to, 'Ingress');
  return (
    (leaving.length === 0 || leaving.some(({ spec }) => spec.egress?.some((rule) => permits(rule, rule.to, to)))) &&
    (entering.length === 0 || entering.some(({ spec }) => spec.ingress?.some((rule) => permits(rule, rule.from, from))))
  );
}

// An ipBlock matches addresses outside the cluster only.
function isAt({ podSelector, namespaceSelector, ipBlock }: Peer, end: End, ownNamespace: string): boolean {
  if (ipBlock !== undefined || end === OUTSIDE) return false;
  const isNamespace =
    namespaceSelector === undefined
      ? end.namespace === ownNamespace
      : matches(namespaceSelector, { 'kubernetes.io/metadata.name': end.namespace });
  return isNamespace && matches(podSelector ?? {}, end.labels);
}

function matches({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      if (operator === 'In') return values.includes(labels[key] ?? '');
      if (operator === 'Exists') return key in labels;
      throw new Error(`no such operator here: ${operator}`);
    })
  );
}
