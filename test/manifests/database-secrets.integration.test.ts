import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { environment } from '../../src/lib/config/config.ts';
import { parsePostgresUrl } from '../../src/lib/config/postgres-url.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { backingServers } from '../../src/topology.ts';

type Secret = {
  readonly metadata: { readonly name: string };
  readonly stringData: { readonly password: string; readonly url: string };
};

const { users = [] } = backingServers.postgres ?? {};
const PASSWORD = /^[0-9a-f]{48}$/;

/** A kubectl that keeps what it creates as files, and writes each command line to `calls`. */
const KUBECTL = `
echo "$*" >>"$STATE/calls"
case "$*" in
  *'get namespace'*) cat "$STATE/namespace" 2>/dev/null || true ;;
  *'apply --filename='*namespace.yaml | *'create namespace'*) echo namespace/any >"$STATE/namespace" ;;
  *'get secret '*) for name in $*; do cat "$STATE/secrets/$name" 2>/dev/null || true; done ;;
  *'create '*'--filename=-') cat >"$STATE/new"; mv "$STATE/new" "$STATE/secrets/$(sed -n 's/^  name: //p' "$STATE/new")" ;;
  *) echo "unexpected: $*" >&2; exit 1 ;;
esac
`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mercato-secrets-'));
  mkdirSync(join(folder, 'secrets'));
  writeFileSync(join(folder, 'kubectl'), `#!/bin/sh\n${KUBECTL}`, { mode: 0o755 });
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(script: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): void {
  const { status, stderr } = spawnSync('sh', [projectPath(script), ...args], {
    env: { PATH: `${folder}:${environment().PATH}`, STATE: folder, ...env },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}

function createdSecrets(): Secret[] {
  const path = join(folder, 'secrets');
  return readdirSync(path).map((name) => parse(readFileSync(join(path, name), 'utf8')) as Secret);
}

function expectUrl(url: string, expected: { readonly service: string; readonly password: string }): void {
  const { service, password } = expected;
  expect(password).toMatch(PASSWORD);
  expect(parsePostgresUrl(url, '')).toEqual({
    host: 'postgres',
    port: 5432,
    user: service,
    password,
    database: service,
    tls: undefined,
  });
}

describe('scripts/kubernetes/create-database-secrets.sh', () => {
  const SCRIPT = 'scripts/kubernetes/create-database-secrets.sh';
  const calls = (): string[] => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');

  it('creates the namespace, and a Secret with another password for each service with a database', () => {
    run(SCRIPT);
    const secrets = createdSecrets();
    expect(secrets.map(({ metadata }) => metadata.name)).toEqual(users.map((name) => `${name}-database`).sort());
    for (const { metadata, stringData } of secrets) {
      expectUrl(stringData.url, { service: metadata.name.replace('-database', ''), password: stringData.password });
    }
    expect(new Set(secrets.map(({ stringData }) => stringData.password)).size).toBe(users.length);
    expect(calls().filter((call) => call.startsWith('apply ') && call.endsWith('/namespace.yaml'))).toHaveLength(1);
  });

  it('passes no password on a command line, where other users of the machine could read it', () => {
    run(SCRIPT);
    for (const { stringData } of createdSecrets()) expect(calls().join('\n')).not.toContain(stringData.password);
  });

  it('changes no Secret that exists, and creates those that are missing', () => {
    run(SCRIPT);
    const before = createdSecrets();
    rmSync(join(folder, 'secrets', 'paymentservice-database'));
    run(SCRIPT);
    const unchanged = (secrets: readonly Secret[]): Secret[] =>
      secrets.filter(({ metadata }) => metadata.name !== 'paymentservice-database');
    expect(createdSecrets()).toHaveLength(users.length);
    expect(unchanged(createdSecrets())).toEqual(unchanged(before));
    expect(calls().filter((call) => call.includes('namespace.yaml'))).toHaveLength(1);
  });

  it('uses the context that skaffold deploys to, and the namespace that is asked for', () => {
    run(SCRIPT, [], { SKAFFOLD_KUBE_CONTEXT: 'kind-shop', NAMESPACE: 'elsewhere' });
    expect(calls().filter((call) => !call.startsWith('--context kind-shop '))).toEqual([]);
    expect(calls()).toContain('--context kind-shop create namespace elsewhere');
    expect(calls()).toContain('--context kind-shop create --namespace=elsewhere --filename=-');
  });
});

describe('scripts/compose/create-database-secrets.sh', () => {
  const SCRIPT = 'scripts/compose/create-database-secrets.sh';
  const read = (service: string, file: string): string =>
    readFileSync(join(folder, 'volumes', service, file), 'utf8').trim();

  beforeEach(() => {
    for (const name of users) mkdirSync(join(folder, 'volumes', name), { recursive: true });
  });

  it('writes a password and a URL into the volume of each database, and keeps them', () => {
    run(SCRIPT, [join(folder, 'volumes')]);
    const passwords = users.map((name) => read(name, 'password'));
    for (const name of users) expectUrl(read(name, 'url'), { service: name, password: read(name, 'password') });
    expect(new Set(passwords).size).toBe(users.length);
    run(SCRIPT, [join(folder, 'volumes')]);
    expect(users.map((name) => read(name, 'password'))).toEqual(passwords);
  });
});
