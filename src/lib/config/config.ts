import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseTarget } from '../net/target.ts';

/** Environment variables, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment of this process. No other code reads `process.env`. */
export function environment(): Environment {
  return process.env;
}

/** An invalid configuration. The message has one line per problem and is printed unchanged. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads environment variables. A variable set to the empty string counts as absent. The value of a secret may be in the
 * file that its `*_FILE` variable names: see {@link secretVariables}.
 *
 * @throws {ConfigError} that lists every problem at once: variable, what is expected, what was given
 */
export function readVariables<S extends z.ZodObject>(schema: S, env: Environment): z.output<S> {
  const names = Object.keys(schema.shape);
  const given: Record<string, string> = Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const lines = readSecretFiles(names, given);
  const result = schema.safeParse(given);
  if (result.success && lines.length === 0) return result.data;
  for (const issue of result.error?.issues ?? []) {
    const [name] = issue.path;
    const value = typeof name === 'string' ? given[name] : undefined;
    // The message of a rule over several variables names them itself.
    if (typeof name !== 'string') lines.push(`  ${issue.message}`);
    else if (value === undefined) lines.push(`  ${name} is missing: expected ${issue.message}`);
    else lines.push(`  ${name}=${withoutCredentials(value)}: expected ${issue.message}`);
  }
  throw new ConfigError(`The configuration cannot be used:\n${[...new Set(lines)].join('\n')}`);
}

/** Adds the secrets that are in files to the given values. Returns a line per problem. */
function readSecretFiles(names: readonly string[], given: Record<string, string>): string[] {
  return names.flatMap((name) => {
    const path = given[fileVariable(name)];
    if (path === undefined) return [];
    const content = given[name] === undefined ? readSecret(path) : { problem: `${name} is set too; set only one` };
    if ('problem' in content) return `  ${fileVariable(name)}=${path}: ${content.problem}`;
    given[name] = content.text;
    return [];
  });
}

const fileVariable = <N extends string>(name: N) => `${name}_FILE` as const;

function readSecret(path: string): { readonly text: string } | { readonly problem: string } {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return text === '' ? { problem: 'the file is empty' } : { text };
  } catch (error) {
    return { problem: `the file cannot be read (${(error as NodeJS.ErrnoException).code})` };
  }
}

/**
 * The two variables of a secret: its value, or in `<name>_FILE` the path of a file with the value, as container
 * platforms mount it. White space around the content of the file is ignored.
 */
export function secretVariables<N extends string, S extends z.ZodType>(name: N, type: S) {
  const file = z.string().optional().describe(`a file that contains \`${name}\`, instead of that variable`);
  return { [name]: type, [fileVariable(name)]: file } as { [K in N]: S } & { [K in `${N}_FILE`]: typeof file };
}

// `user:password@`, with or without a scheme before it, up to the last @: a password may hold any character.
function withoutCredentials(value: string): string {
  return value.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*:.*@/is, '$1***@');
}

/** zod options whose error message is the expected form of a value. */
export const expecting = (text: string) => ({ error: text });

/** A whole number, in decimal digits, from `min` to `max`. */
export function integer(limits: { min: number; max: number }) {
  const expected = `a whole number from ${limits.min} to ${limits.max}`;
  return z
    .string(expecting(expected))
    .regex(/^\d{1,15}$/, expecting(expected))
    .transform(Number)
    .refine((value) => value >= limits.min && value <= limits.max, expecting(expected));
}

/** A decimal number, such as `0.5`, from `min` to `max`. Never for money. */
export function decimal(limits: { min: number; max: number }) {
  const expected = `a decimal number from ${limits.min} to ${limits.max}`;
  return z
    .string(expecting(expected))
    .regex(/^\d{1,9}(?:\.\d{1,9})?$/, expecting(expected))
    .transform(Number)
    .refine((value) => value >= limits.min && value <= limits.max, expecting(expected));
}

/** A TCP port to listen on; 0 lets the system choose one. */
export function port() {
  return integer({ min: 0, max: 65_535 });
}

/** The port that a server listens on. */
export function listeningPort(defaultPort: number) {
  return port().default(defaultPort).describe('the port to listen on');
}

/** Yes or no: true/false, 1/0, yes/no, on/off. */
export function flag() {
  return z.stringbool(expecting('true or false'));
}

/** The address of an upstream: `host:port`, `dns:///host:port`, or a list `ipv4:10.0.0.1:70,10.0.0.2:70`. */
export function upstreamAddress() {
  const expected = 'host:port, dns:///host:port or ipv4:address:port,address:port';
  return z.string(expecting(expected)).refine((value) => parseTarget(value) !== undefined, expecting(expected));
}

/** `host:port` of one TCP server. */
export function hostAndPort() {
  const expected = 'host:port';
  return z
    .string(expecting(expected))
    .regex(/^(?:[a-zA-Z0-9._-]+|\[[0-9a-fA-F:]+\]):\d{1,5}$/, expecting(expected))
    .refine((value) => Number(value.slice(value.lastIndexOf(':') + 1)) <= 65_535, expecting(expected));
}

const GO_UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

const MAX_DURATION_MS = 86_400_000;

/** A duration as Go writes it, such as `300ms`, `1.5s` or `1m30s`, of at most a day; parsed to whole milliseconds. */
export function durationMs() {
  const expected = 'a duration such as 300ms, 1.5s or 1m30s, at most 24h';
  return z
    .string(expecting(expected))
    .regex(/^(?:0|(?:\d+(?:\.\d+)?(?:ms|s|m|h))+)$/, expecting(expected))
    .transform((text) => {
      let total = 0;
      for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
        total += Number(number) * (GO_UNITS_MS[unit ?? ''] ?? 0);
      }
      return Math.round(total);
    })
    .refine((value) => value <= MAX_DURATION_MS, expecting(expected));
}
