import type { ServiceNames } from './service-names.ts';

/** The RPC of the new service. */
export const RPC = 'Search';

/**
 * Adds a service to the text of src/topology.ts: its name, its row, and the call of its caller. Biome formats the result.
 *
 * @throws {Error} when the text has not the expected form
 */
export function addToTopology(text: string, names: ServiceNames, calledBy: string): string {
  const { name } = names;
  const withName = replaced(
    text,
    /(export type ServiceName =\n(?: {2}\| '[a-z]+'\n)*)( {2}\| '[a-z]+';)/,
    (_match, before, last) => {
      return `${before}  | '${name}'\n${last}`;
    },
  );
  const withCall = replaced(withName, rowOf(calledBy), (row) =>
    replaced(
      replaced(row, /exceptionalCalls: \{/, () => `exceptionalCalls: { ${name}: ['${RPC}'],`),
      /optionalUpstreams: \[/,
      () => `optionalUpstreams: ['${name}', `,
    ),
  );
  return replaced(withCall, /\} as const satisfies/, (end) => `${newRow(names)}${end}`);
}

function rowOf(name: string): RegExp {
  return new RegExp(`^ {2}${name}: \\{\\n[\\s\\S]*?^ {2}\\},\\n`, 'm');
}

function replaced(text: string, pattern: RegExp, by: (...matched: string[]) => string): string {
  if (!pattern.test(text)) throw new Error(`src/topology.ts has no match for ${pattern}`);
  return text.replace(pattern, by);
}

function newRow({ name, word, addressVariable, grpcService, protoModule, port }: ServiceNames): string {
  return `  ${name}: {
    purpose: 'Searches the ${word} items.',
    protocol: 'grpc',
    port: ${port},
    servicePort: ${port},
    addressVariable: '${addressVariable}',
    grpcService: '${grpcService}',
    protoFile: '${protoModule}.proto',
    calls: {},
    exceptionalCalls: {},
    optionalUpstreams: [],
    visits: [],
    store: 'none',
    storedData: '',
  },
`;
}
