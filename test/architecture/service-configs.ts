import type { z } from 'zod';
import type { Environment } from '../../src/lib/config/config.ts';
import { clientVariables, commonVariables, serverVariables } from '../../src/lib/process/process-config.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { peersOf, type ServiceName, topology } from '../../src/topology.ts';

/** What the config.ts of a service exports. */
export type ServiceConfig = {
  /** The environment variables it reads. */
  readonly variables: z.ZodObject;
  readonly read: (env: Environment) => unknown;
};

/** The middle of the exported names: `cart` of `cartVariables` and `readCartConfig`. */
const WORDS: Readonly<Record<ServiceName, string>> = {
  adservice: 'ad',
  cartservice: 'cart',
  checkoutservice: 'checkout',
  currencyservice: 'currency',
  emailservice: 'email',
  frontend: 'frontend',
  loadgenerator: 'load',
  paymentservice: 'payment',
  productcatalogservice: 'productCatalog',
  recommendationservice: 'recommendation',
  shippingservice: 'shipping',
};

/** Loads the config.ts of a service. */
export async function loadServiceConfig(service: ServiceName): Promise<ServiceConfig> {
  const loaded = (await import(projectPath('src', service, 'config.ts'))) as Record<string, unknown>;
  const word = WORDS[service];
  const names = { variables: `${word}Variables`, read: `read${word[0]?.toUpperCase()}${word.slice(1)}Config` };
  const { [names.variables]: variables, [names.read]: read } = loaded;
  if (variables === undefined || read === undefined) {
    throw new Error(`src/${service}/config.ts must export ${names.variables} and ${names.read}`);
  }
  return { variables: variables as z.ZodObject, read: read as ServiceConfig['read'] };
}

/** The variables in which a service finds whom it calls and visits. */
export function addressVariablesOf(service: ServiceName): string[] {
  return [...peersOf(service), ...topology[service].visits].map((peer) => topology[peer].addressVariable).sort();
}

/** The variables that several services share by what they are. */
export const allSharedVariables: readonly string[] = Object.keys({ ...serverVariables, ...clientVariables });

/** The variables that a service shares with others by what it is: a process, a gRPC server, a gRPC client. */
export function sharedVariablesOf(service: ServiceName): string[] {
  return Object.keys({
    ...commonVariables,
    ...(topology[service].protocol === 'grpc' ? serverVariables : {}),
    ...(peersOf(service).length > 0 ? clientVariables : {}),
  }).sort();
}

/** An environment that names the peers of a service and nothing else. */
export function peersOnly(service: ServiceName): Environment {
  return Object.fromEntries(addressVariablesOf(service).map((name, index) => [name, `localhost:${4000 + index}`]));
}
