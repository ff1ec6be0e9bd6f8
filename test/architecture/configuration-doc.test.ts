import { z } from 'zod';
import { launcherVariables } from '../../src/launcher/config.ts';
import { clientVariables, commonVariables, serverVariables } from '../../src/lib/process/process-config.ts';
import { type ServiceName, serviceNames, topology, upstreamsOf } from '../../src/topology.ts';
import { headings, quoted, section, tableRows } from './markdown.ts';
import { loadServiceConfig, sharedVariablesOf } from './service-configs.ts';
import { readSource } from './source-files.ts';

const DOCUMENT = 'docs/configuration.md';
const { text } = readSource(DOCUMENT);

const parts: Readonly<Record<string, z.ZodObject>> = {
  'The launcher': launcherVariables,
  'Every service': z.object(commonVariables),
  'gRPC servers': z.object(
    Object.fromEntries(Object.entries(serverVariables).filter(([name]) => !(name in commonVariables))),
  ),
  'gRPC clients': z.object(clientVariables),
};

/** The documented default of each variable, by the heading it stands below. */
function documented(heading: string): Map<string, string> {
  const rows = tableRows(section(text, heading) ?? '');
  return new Map(rows.map(([name, value]) => [quoted(name) ?? `not quoted: ${name}`, value ?? '']));
}

/** What a schema makes of the documented default, and what it makes of an absent variable: they must be the same. */
function readDefault(schema: z.ZodObject, name: string, written: string): { written: unknown; absent: unknown } {
  const variable = schema.shape[name] as z.ZodType;
  const absent = variable.safeParse(undefined);
  const value = quoted(written);
  if (value !== undefined) return { written: variable.parse(value), absent: absent.data };
  if (written === 'required') return { written: false, absent: absent.success };
  const meant: Readonly<Record<string, unknown>> = { unset: undefined, empty: '' };
  if (!(written in meant)) throw new Error(`${name}: "${written}" is no default`);
  return { written: meant[written], absent: absent.success ? absent.data : 'required' };
}

function expectDefaults(schema: z.ZodObject, heading: string): void {
  for (const [name, written] of documented(heading)) {
    const { written: value, absent } = readDefault(schema, name, written);
    expect({ name, value }).toEqual({ name, value: absent });
  }
}

describe(DOCUMENT, () => {
  it('has a part for the launcher, for what services share and for each service', () => {
    expect(headings(text)).toEqual([...Object.keys(parts), ...[...serviceNames].sort()]);
  });

  it.each(Object.entries(parts))('lists the variables and defaults below "%s"', (heading, schema) => {
    expect([...documented(heading).keys()].sort()).toEqual(Object.keys(schema.shape).sort());
    expectDefaults(schema, heading);
  });

  it.each(serviceNames)('lists every variable of %s, with its default, and no other', async (name) => {
    const { variables } = await loadServiceConfig(name);
    const elsewhere = sharedVariablesOf(name);
    const own = Object.keys(variables.shape).filter((variable) => !elsewhere.includes(variable));
    expect([...documented(name).keys()].sort()).toEqual(own.sort());
    expectDefaults(variables, name);
  });

  it('says who reads what several services share', () => {
    const named = (heading: string): string[] =>
      serviceNames.filter((name) => section(text, heading)?.includes(`\`${name}\``)).sort();
    const not = (protocol: string) => (name: ServiceName) => topology[name].protocol !== protocol;
    expect(named('gRPC servers')).toEqual(serviceNames.filter(not('grpc')).sort());
    expect(named('gRPC clients')).toEqual(serviceNames.filter((name) => upstreamsOf(name).length > 0).sort());
  });
});
