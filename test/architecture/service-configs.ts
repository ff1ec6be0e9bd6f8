import type { z } from 'zod';
import type { Environment } from '../../src/lib/config/config.ts';
import { clientVariables, commonVariables, serverVariables } from '../../src/lib/process/process-config.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { type ServiceName, topology, upstreamsOf } from '../../src/topology.ts';

/** What the config.ts of a service exports. */
export type ServiceConfig = {
  /** The environment variables it reads. */
  readonly variables: z.ZodObject;
  readonly readConfig: (env: Environment) => unknown;
};

/** Loads the config.ts of a service. */
export async function loadServiceConfig(service: ServiceName): Promise<ServiceConfig> {
  return (await import(projectPath('src', service, 'config.ts'))) as ServiceConfig;
}

/** The variables in which a service finds whom it calls and visits. */
export function addressVariablesOf(service: ServiceName): string[] {
  return [...upstreamsOf(service), ...topology[service].visits]
    .map((upstream) => topology[upstream].addressVariable)
    .sort();
}

/** The variables that a service shares with others by what it is: a process, a gRPC server, a gRPC client. */
export function sharedVariablesOf(service: ServiceName): string[] {
  return Object.keys({
    ...commonVariables,
    ...(topology[service].protocol === 'grpc' ? serverVariables : {}),
    ...(upstreamsOf(service).length > 0 ? clientVariables : {}),
  }).sort();
}

/** An environment that names the upstreams of a service and nothing else. */
export function upstreamsOnly(service: ServiceName): Environment {
  return Object.fromEntries(addressVariablesOf(service).map((name, index) => [name, `localhost:${4000 + index}`]));
}
