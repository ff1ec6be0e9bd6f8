import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { serverVariables } from '../process/process-config.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import {
  ConfigError,
  durationMs,
  flag,
  hostAndPort,
  integer,
  port,
  readVariables,
  secretVariables,
  upstreamAddress,
} from './config.ts';

/** Reads one variable; returns its value, or the line of the error about it. */
function read(type: z.ZodType, value: string | undefined): unknown {
  try {
    return readVariables(z.object({ X: type }), { X: value }).X;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.slice(error.message.indexOf('\n')).trim();
  }
}

const refused = (type: z.ZodType, value: string, expected: string): void =>
  expect(read(type, value)).toBe(`X=${value}: expected ${expected}`);

describe('an environment variable', () => {
  it('counts as absent when it is empty', () => {
    expect(read(port().default(7), '')).toBe(7);
    expect(read(port().default(7), undefined)).toBe(7);
    expect(read(hostAndPort().optional(), '')).toBeUndefined();
    expect(read(flag().default(true), '')).toBe(true);
  });

  it.each([
    ['a whole number', integer({ min: 1, max: 9 }), 'a whole number from 1 to 9'],
    ['an address', upstreamAddress(), 'host:port, dns:///host:port or ipv4:address:port,address:port'],
    ['a host and port', hostAndPort(), 'host:port'],
    ['a flag', flag(), 'true or false'],
    ['a duration', durationMs(), 'a duration such as 300ms, 1.5s or 1m30s, at most 24h'],
  ])('is refused with the expected form when it is missing: %s', (_what, type, expected) => {
    expect(read(type, undefined)).toBe(`X is missing: expected ${expected}`);
  });
});

describe('integer', () => {
  it.each([
    ['0', 0],
    ['65535', 65_535],
    ['0080', 80],
  ])('reads %s', (text, value) => {
    expect(read(port(), text)).toBe(value);
  });

  it.each(['65536', '-1', '0x10', ' 5', '5 ', '1e3', '1.0', '+5', 'five', '٣', 'NaN', '9999999999999999', '5\n'])(
    'refuses %j as a port',
    (text) => refused(port(), text, 'a whole number from 0 to 65535'),
  );
});

describe('flag', () => {
  it.each(['true', 'TRUE', '1', 'yes', 'on'])('is true for %s', (text) => {
    expect(read(flag(), text)).toBe(true);
  });

  it.each(['false', 'False', '0', 'no', 'off'])('is false for %s', (text) => {
    expect(read(flag(), text)).toBe(false);
  });

  it.each(['maybe', '2', ' true', 'null'])('refuses %j', (text) => refused(flag(), text, 'true or false'));
});

describe('durationMs', () => {
  it.each([
    ['300ms', 300],
    ['1.5s', 1500],
    ['1m30s', 90_000],
    ['1h', 3_600_000],
    ['0', 0],
    ['1.001s', 1001],
    ['0.1ms', 0],
    ['24h', 86_400_000],
  ])('reads %s as %i ms', (text, ms) => {
    expect(read(durationMs(), text)).toBe(ms);
  });

  it.each(['5', '-1s', '1', 's', '1.s', '.5s', '1 s', '1s ', '1d', '1e3ms', '24h1ms', '99999999999999999999h'])(
    'refuses %j',
    (text) => refused(durationMs(), text, 'a duration such as 300ms, 1.5s or 1m30s, at most 24h'),
  );
});

describe('hostAndPort and upstreamAddress', () => {
  it.each(['redis-cart:6379', '127.0.0.1:1', '[::1]:6379'])('accept %s as host:port', (text) => {
    expect(read(hostAndPort(), text)).toBe(text);
  });

  it.each(['redis', 'redis:', ':6379', 'redis:65536', 'redis://redis:6379', '::1:6379', 'a b:1', 'redis:6379/0'])(
    'refuse %j as host:port',
    (text) => refused(hostAndPort(), text, 'host:port'),
  );

  it.each(['cartservice:7070', 'dns:///cartservice:7070', 'ipv4:10.0.0.1:70,10.0.0.2:70'])(
    'accept %s as the address of an upstream',
    (text) => {
      expect(read(upstreamAddress(), text)).toBe(text);
    },
  );

  it.each(['cartservice', 'http://cartservice:7070', 'ipv4:cartservice:7070', 'cartservice:0'])(
    'refuse %j as the address of an upstream',
    (text) => refused(upstreamAddress(), text, 'host:port, dns:///host:port or ipv4:address:port,address:port'),
  );
});

describe('an invalid configuration', () => {
  it('is refused with every problem at once: variable, value and expected form', () => {
    const schema = z.object({ ...serverVariables, PORT: port(), UPSTREAM: upstreamAddress(), LATENCY: durationMs() });
    const env = { LOG_LEVEL: 'loud', PORT: '65536', LATENCY: '5', MAX_CONCURRENT_CALLS: '0', SHUTDOWN_DELAY_MS: ' 5' };
    expect(() => readVariables(schema, env)).toThrow(
      new ConfigError(
        [
          'The configuration cannot be used:',
          '  LOG_LEVEL=loud: expected fatal, error, warn, info, debug or silent',
          '  SHUTDOWN_DELAY_MS= 5: expected a whole number from 0 to 60000',
          '  MAX_CONCURRENT_CALLS=0: expected a whole number from 1 to 100000',
          '  PORT=65536: expected a whole number from 0 to 65535',
          '  UPSTREAM is missing: expected host:port, dns:///host:port or ipv4:address:port,address:port',
          '  LATENCY=5: expected a duration such as 300ms, 1.5s or 1m30s, at most 24h',
        ].join('\n'),
      ),
    );
  });

  it('is refused with the message of a rule over several variables', () => {
    const schema = z.object({ A: flag(), B: flag() }).refine(({ A, B }) => A !== B, { error: 'either A or B' });
    expect(() => readVariables(schema, { A: 'true', B: 'true' })).toThrow(/\n {2}either A or B$/);
  });

  it.each([
    ['smtp://user:pa55word@mail:25', 'smtp://***@mail:25'],
    ['smtp://user:pa55@wo:rd/@mail:25', 'smtp://***@mail:25'],
    ['smtp://pa55word@mail:25', '***@mail:25'],
    ['redis://:pa55word@redis:6379/0', 'redis://***@redis:6379/0'],
    ['user:pa55 word@mail', '***@mail'],
    ['user:pa55\nword@mail', '***@mail'],
  ])('is refused without printing the password of %j', (value, shown) => {
    const type = z.string().refine(() => false, { error: 'another' });
    expect(read(type, value)).toBe(`X=${shown}: expected another`);
  });
});

describe('a secret', () => {
  const folder = temporaryFolder();
  const path = join(folder.path, 'token');
  const schema = z.object(secretVariables('TOKEN', z.string().startsWith('t', 'a token').optional()));
  const problemOf = (env: Record<string, string>): string => {
    try {
      return JSON.stringify(readVariables(schema, env));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return error.message.slice(error.message.indexOf('\n')).trim().replaceAll(folder.path, '');
    }
  };
  afterAll(() => folder[Symbol.dispose]());

  it('is the value of its variable, or the content of the file that its _FILE variable names', () => {
    writeFileSync(path, 't123\n');
    expect(readVariables(schema, { TOKEN: 't4' }).TOKEN).toBe('t4');
    expect(readVariables(schema, { TOKEN_FILE: path }).TOKEN).toBe('t123');
    expect(readVariables(schema, { TOKEN_FILE: '' }).TOKEN).toBeUndefined();
  });

  it('is refused when both variables are set, and when the file is absent, empty or has an invalid value', () => {
    writeFileSync(path, 't123');
    expect(problemOf({ TOKEN: 't4', TOKEN_FILE: path })).toBe('TOKEN_FILE=/token: TOKEN is set too; set only one');
    expect(problemOf({ TOKEN_FILE: `${path}-2` })).toBe('TOKEN_FILE=/token-2: the file cannot be read (ENOENT)');
    writeFileSync(path, '\n');
    expect(problemOf({ TOKEN_FILE: path })).toBe('TOKEN_FILE=/token: the file is empty');
    writeFileSync(path, 'user:pa55@host');
    expect(problemOf({ TOKEN_FILE: path })).toBe('TOKEN=***@host: expected a token');
  });
});
