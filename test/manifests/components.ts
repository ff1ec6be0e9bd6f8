import { kustomizationIn, kustomizationsBelow } from './kustomization.ts';

/** The default set, from the project's root. */
export const SHOP = 'kubernetes-manifests';

/** The folder of the components, from the project's root. */
export const COMPONENTS = `${SHOP}/components`;

/** The folder of the swaps, among the components. */
export const SWAPS = 'google-boutique-swap';

/** What Knative runs instead of Deployments. */
export const KNATIVE_SERVICES = [
  'adservice',
  'currencyservice',
  'productcatalogservice',
  'recommendationservice',
] as const;

/** What takes away what others made, and so is named last. */
const LAST = 'knative';

/** The components that a kustomization may name, in an order in which all of them may be named. */
export function componentNames(): string[] {
  const folders = kustomizationsBelow(COMPONENTS).filter((folder) => kustomizationIn(folder).kind === 'Component');
  const parts = folders.flatMap((folder) => kustomizationIn(folder).components.map((part) => `${folder}/${part}`));
  const names = folders
    .filter((folder) => !parts.includes(folder))
    .map((folder) => folder.slice(COMPONENTS.length + 1));
  return [...names.filter((name) => name !== LAST).sort(), ...names.filter((name) => name === LAST)];
}
