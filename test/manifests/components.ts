import { kustomizationIn, kustomizationsBelow } from './kustomization.ts';

/** The default kustomization, from the project's root. */
export const SHOP = 'kubernetes-manifests';

/** The folder of the components, from the project's root. */
export const COMPONENTS = `${SHOP}/components`;

/** The folder of the swaps, within the components. */
export const SWAPS = 'google-boutique-swap';

/** The services that run on Knative instead of in Deployments. */
export const KNATIVE_SERVICES = [
  'adservice',
  'currencyservice',
  'productcatalogservice',
  'recommendationservice',
] as const;

/** Components that remove objects of others, and so must be listed last. */
const LAST = 'knative';

/** All components, in an order in which a kustomization may list them. */
export function componentNames(): string[] {
  const folders = kustomizationsBelow(COMPONENTS).filter((folder) => kustomizationIn(folder).kind === 'Component');
  const parts = folders.flatMap((folder) => kustomizationIn(folder).components.map((part) => `${folder}/${part}`));
  const names = folders
    .filter((folder) => !parts.includes(folder))
    .map((folder) => folder.slice(COMPONENTS.length + 1));
  return [...names.filter((name) => name !== LAST).sort(), ...names.filter((name) => name === LAST)];
}
