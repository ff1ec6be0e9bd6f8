import type { ServiceNames } from './service-names.ts';

/** The contract of the new service: one read. */
export function protoFile({ protoPackage, capitalized, word }: ServiceNames): string {
  return `syntax = "proto3";

package ${protoPackage};

// Searches the ${word} items.
service ${capitalized}Service {
  // Returns the items whose name contains the query, in upper or lower case; all items for an empty query.
  rpc Search(SearchRequest) returns (SearchResponse) {
    option idempotency_level = NO_SIDE_EFFECTS;
  }
}

message SearchRequest {
  // At most 128 printable characters.
  string query = 1;
}

message SearchResponse {
  repeated Item items = 1;
}

message Item {
  string id = 1;
  string name = 2;
}
`;
}

export function mainFile({ name }: ServiceNames): string {
  return `import { serviceMain } from '../lib/process/service-main.ts';
import { readConfig } from './config.ts';
import { start } from './service.ts';

void serviceMain({ name: '${name}', readConfig, start });
`;
}

export function configFile({ name, capitalized, word }: ServiceNames): string {
  return `import { z } from 'zod';
import { type Environment, listeningPort, readVariables } from '../lib/config/config.ts';
import type { ServerConfig } from '../lib/grpc/server.ts';
import { type ProcessConfig, processConfig, serverConfig, serverVariables } from '../lib/process/process-config.ts';
import { topology } from '../topology.ts';

/** The environment variables it reads. */
export const variables = z.object({
  ...serverVariables,
  PORT: listeningPort(topology.${name}.port),
});

export type ${capitalized}Config = ProcessConfig & { readonly server: ServerConfig };

/**
 * Reads the configuration of the ${word} service.
 *
 * @throws {ConfigError} that lists every problem
 */
export function readConfig(env: Environment): ${capitalized}Config {
  const values = readVariables(variables, env);
  return { ...processConfig(values), server: serverConfig(values) };
}
`;
}

export function serviceFile({ name, capitalized, word, protoModule }: ServiceNames): string {
  return `import { ${capitalized}ServiceDefinition } from '../genproto/${protoModule}.ts';
import { startGrpcServer } from '../lib/grpc/server.ts';
import type { RunningService, Runtime } from '../lib/runtime/runtime.ts';
import { topology } from '../topology.ts';
import type { ${capitalized}Config } from './config.ts';
import { ${word}Handlers } from './handlers.ts';

/**
 * Starts the ${word} service.
 *
 * @throws {Error} when its address is taken
 */
export async function start(config: ${capitalized}Config, runtime: Runtime): Promise<RunningService> {
  return await startGrpcServer({
    definition: ${capitalized}ServiceDefinition,
    handlers: ${word}Handlers(),
    protoFile: topology.${name}.protoFile,
    config: config.server,
    runtime,
    defaultDeadlineMs: 2000,
  });
}
`;
}

export function handlersFile({ capitalized, word, protoModule }: ServiceNames): string {
  return `import { MAX_QUERY_LENGTH } from '../domain/limits.ts';
import type { ${capitalized}ServiceDefinition } from '../genproto/${protoModule}.ts';
import { requireText } from '../lib/fields.ts';
import type { Handlers } from '../lib/grpc/server.ts';
import { searchItems } from './items.ts';

/** The RPCs of the ${word} service. */
export function ${word}Handlers(): Handlers<${capitalized}ServiceDefinition> {
  return {
    search: async (request) => {
      const query = requireText('query', request.query, { min: 0, max: MAX_QUERY_LENGTH });
      return { items: searchItems(query).map(({ id, name }) => ({ id, name })) };
    },
  };
}
`;
}

export function domainFile({ word }: ServiceNames): string {
  return `/** One ${word} item. */
export type Item = { readonly id: string; readonly name: string };

const ITEMS: readonly Item[] = [
  { id: '${word}-1', name: 'First ${word}' },
  { id: '${word}-2', name: 'Second ${word}' },
];

/** The items whose name contains the query, in upper or lower case; all items for an empty query. */
export function searchItems(query: string): readonly Item[] {
  const wanted = query.toLowerCase();
  return ITEMS.filter(({ name }) => name.toLowerCase().includes(wanted));
}
`;
}

export function testFile({ name, capitalized, word, protoModule }: ServiceNames): string {
  return `import { ${capitalized}ServiceDefinition } from '../genproto/${protoModule}.ts';
import type { RunningService } from '../lib/runtime/runtime.ts';
import { failureOfCall, type TestClient, testClient } from '../lib/testing/test-client.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import { readConfig } from './config.ts';
import { start } from './service.ts';

describe('the ${word} service', () => {
  let service: RunningService;
  let client: TestClient<${capitalized}ServiceDefinition>;

  beforeAll(async () => {
    service = await start(readConfig({ HOST: '127.0.0.1', PORT: '0' }), testRuntime({ service: '${name}' }));
    client = testClient(${capitalized}ServiceDefinition, service.address);
  });

  afterAll(async () => {
    client[Symbol.dispose]();
    await service[Symbol.asyncDispose]();
  });

  it('returns the items whose name contains the query, in upper or lower case', async () => {
    const { items } = await client.search({ query: 'SECOND' });
    expect(items).toEqual([{ id: '${word}-2', name: 'Second ${word}' }]);
  });

  it('returns every item for an empty query', async () => {
    expect((await client.search({ query: '' })).items).toHaveLength(2);
  });

  it.each([
    ['129 characters', 'x'.repeat(129)],
    ['control characters', 'a\\u0000b'],
  ])('refuses a query of %s', async (_what, query) => {
    expect(await failureOfCall(client.search({ query }))).toBe('INVALID_ARGUMENT QUERY_INVALID');
  });
});
`;
}

export function readmeFile({ name, word, grpcService }: ServiceNames, calledBy: string): string {
  return `# ${name}

Searches the ${word} items.

- **RPC** of \`${grpcService}\`: \`Search\`.
- **Calls** no service; ${calledBy} may call it. **Stores** nothing.
- **Settings**: [configuration](../../docs/configuration.md#${name}).

Read in this order:

1. [items.ts](items.ts): the items and the search
2. [handlers.ts](handlers.ts): decodes, searches, encodes
3. [service.ts](service.ts): starts the server

Rules:

- A query has at most 128 characters; upper and lower case are equal.

Tests: \`npx jest --selectProjects unit src/${name}\`
`;
}
