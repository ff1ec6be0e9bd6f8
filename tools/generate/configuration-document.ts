import { z } from 'zod';
import { launcherVariables } from '../../src/launcher/config.ts';
import {
  clientVariables,
  commonVariables,
  databaseVariables,
  serverVariables,
  storeVariables,
} from '../../src/lib/process/process-config.ts';
import { databaseServices, type ServiceName, serviceNames, topology, upstreamsOf } from '../../src/topology.ts';
import type { Artifact } from './artifact.ts';

/** The part of a config.ts module that the document shows. */
type ServiceConfigModule = { readonly variables: z.ZodObject };

type Shape = Readonly<Record<string, z.core.$ZodType>>;

/** The tables of docs/configuration.md: names, defaults and descriptions of the variables in the schemas. */
export async function configurationDocument(): Promise<Artifact[]> {
  const isServer = (name: ServiceName): boolean => topology[name].protocol === 'grpc';
  const isClient = (name: ServiceName): boolean => upstreamsOf(name).length > 0;
  const isStateful = (name: ServiceName): boolean => topology[name].store !== 'none';
  const isRelational = (name: ServiceName): boolean => databaseServices.includes(name);
  const services: string[] = [];
  for (const name of [...serviceNames].sort()) {
    const { variables } = (await import(`../../src/${name}/config.ts`)) as ServiceConfigModule;
    const shared = {
      ...commonVariables,
      ...(isServer(name) && serverVariables),
      ...(isClient(name) && clientVariables),
      ...(isStateful(name) && storeVariables),
      ...(isRelational(name) && databaseVariables),
    };
    services.push('', `## ${name}`, '', ...table(without(variables.shape, shared), noteFor(name)));
  }
  const regions = {
    launcher: table(launcherVariables.shape),
    common: table(commonVariables),
    servers: [
      `Every service except ${listed(serviceNames.filter((name) => !isServer(name)))} reads these too.`,
      '',
      ...table(without(serverVariables, commonVariables)),
    ],
    clients: [
      `Read by the services that call others: ${listed(serviceNames.filter(isClient))}.`,
      '',
      ...table(clientVariables),
    ],
    stores: [
      `Read by the services that store data: ${listed(serviceNames.filter(isStateful))}.`,
      '',
      ...table(storeVariables),
    ],
    databases: [
      `Read by the services whose data can be in PostgreSQL: ${listed(serviceNames.filter(isRelational))}.`,
      '',
      ...table(without(databaseVariables, storeVariables)),
    ],
    services: services.slice(1),
  };
  return Object.entries(regions).map(([region, lines]) => ({ path: 'docs/configuration.md', region, lines }));
}

function without(shape: Shape, shared: Shape): Shape {
  return Object.fromEntries(Object.entries(shape).filter(([name]) => !(name in shared)));
}

function noteFor(name: ServiceName): Readonly<Record<string, string>> {
  const { port, servicePort } = topology[name];
  return servicePort === port ? {} : { PORT: `; its Kubernetes Service has port ${servicePort}` };
}

function table(shape: Shape, notes: Readonly<Record<string, string>> = {}): string[] {
  const rows = Object.entries(shape).map(([name, schema]) => {
    const description = z.globalRegistry.get(schema)?.description;
    if (description === undefined) throw new Error(`${name} has no description`);
    return `| \`${name}\` | ${defaultOf(schema)} | ${description}${notes[name] ?? ''} |`;
  });
  return ['| variable | default | meaning |', '|---|---|---|', ...rows];
}

/** A default as a person would write it into the environment. */
function defaultOf(schema: z.core.$ZodType): string {
  // A prefault is the text before it is parsed.
  if (schema instanceof z.ZodPrefault) return `\`${String(schema.def.defaultValue)}\``;
  const { success, data } = z.safeParse(schema, undefined);
  if (!success) return 'required';
  if (data === undefined) return 'unset';
  if (data === '') return 'empty';
  return `\`${typeof data === 'string' ? data : JSON.stringify(data)}\``;
}

function listed(names: readonly ServiceName[]): string {
  return names
    .map((name) => `\`${name}\``)
    .sort()
    .join(', ')
    .replace(/, ([^,]*)$/, ' and $1');
}
