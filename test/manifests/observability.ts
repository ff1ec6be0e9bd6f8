import { resourcesIn } from './kustomization.ts';

/** The component, from the project's root. */
export const COMPONENT = 'kubernetes-manifests/components/observability';

/** The log agent, a separate kustomization. */
export const LOG_AGENT = `${COMPONENT}/log-agent`;

/** Every value of a key with this name, at any depth. */
export function valuesOf(key: string, tree: unknown): unknown[] {
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([name, value]) => [...(name === key ? [value] : []), ...valuesOf(key, value)]);
}

/** `host:port` of every Service of the component, within its namespace. */
export function serviceAddresses(): string[] {
  const services = resourcesIn(COMPONENT).filter(({ kind }) => kind === 'Service');
  return services.flatMap(({ metadata, spec }) => (spec?.ports ?? []).map(({ port }) => `${metadata.name}:${port}`));
}
