import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { constants } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { freePort } from '../../src/lib/testing/free-port.ts';
import { frame, rawCall } from '../../src/lib/testing/raw-call.ts';
import { exchange } from '../integration/http-exchange.ts';
import { objectsIn } from '../manifests/kubernetes-objects.ts';
import { MESH } from '../manifests/mesh.ts';
import { bareCall } from './bare-call.ts';
import { type Callee, hangs, isUnavailable, pathOf, returnsOk, startCallee } from './callee.ts';
import { type Envoy, startEnvoy } from './envoy.ts';
import { type EnvoyPart, extension, listener, passOn, plainCluster } from './envoy-config.ts';

const CALLEES = { healthy: returnsOk, unavailable: isUnavailable, hanging: hangs };
const CALL = pathOf('cartservice', 'GetCart');

/** The filter of the access log in `telemetry.yaml`. */
function expression(): string {
  const [telemetry] = objectsIn([`${MESH}/telemetry.yaml`]) as unknown as {
    readonly spec: { readonly accessLogging: readonly { readonly filter: { readonly expression: string } }[] };
  }[];
  return telemetry?.spec.accessLogging[0]?.filter.expression ?? 'not said';
}

/** An access log in a file with the filter of the manifest. */
function accessLog(path: string, line: string): EnvoyPart {
  const filter = extension(
    'envoy.access_loggers.extension_filters.cel',
    'access_loggers.filters.cel.v3.ExpressionFilter',
    {
      expression: expression(),
    },
  );
  const file = extension('envoy.access_loggers.file', 'access_loggers.file.v3.FileAccessLog', {
    path,
    log_format: { text_format_source: { inline_string: `${line}\n` } },
  });
  return { access_log: [{ ...file, filter: { extension_filter: filter } }] };
}

/** A TCP listener. */
function connections(cluster: string, log: EnvoyPart): EnvoyPart {
  const name = `connections to ${cluster}`;
  const proxy = extension('envoy.filters.network.tcp_proxy', 'filters.network.tcp_proxy.v3.TcpProxy', {
    stat_prefix: name,
    cluster,
    ...log,
  });
  const address = { socket_address: { address: '127.0.0.1', port_value: 0 } };
  return { name, address, filter_chains: [{ filters: [proxy] }] };
}

/** An RBAC filter that refuses one page, as for a caller that no policy allows. */
const refusal = extension('envoy.filters.http.rbac', 'filters.http.rbac.v3.RBAC', {
  rules: {
    action: 'DENY',
    policies: {
      refused: { permissions: [{ url_path: { path: { exact: '/refused' } } }], principals: [{ any: true }] },
    },
  },
});

/** A cluster for HTTP/1.1 or plain TCP. */
function olderCluster(name: string, address: string): EnvoyPart {
  const { typed_extension_protocol_options: _isHttp2, ...cluster } = plainCluster(name, [address]);
  return cluster;
}

describe('the access log of a proxy', () => {
  const callees = new Map<keyof typeof CALLEES, Callee>();
  let folder: string;
  let pages: Server;
  let envoy: Envoy;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mercato-access-log-'));
    pages = createServer(({ url = '' }, response) => response.writeHead(Number(url.slice(1)) || 200).end());
    await once(pages.listen(0, '127.0.0.1'), 'listening');
    const pagesAddress = `127.0.0.1:${(pages.address() as AddressInfo).port}`;
    for (const [name, answer] of Object.entries(CALLEES)) {
      callees.set(name as keyof typeof CALLEES, await startCallee('cartservice', answer));
    }
    const unusedAddress = `127.0.0.1:${await freePort()}`;
    const log = (line: string): EnvoyPart => accessLog(join(folder, 'log'), line);
    envoy = await startEnvoy({
      listeners: [
        ...[...callees.keys()].map((name) =>
          listener({ name, routes: [passOn(name)], manager: log(`call ${name} %RESPONSE_FLAGS%`) }),
        ),
        listener({
          name: 'pages',
          routes: [passOn('pages')],
          filters: [refusal],
          manager: { codec_type: 'HTTP1', ...log('page %REQ(:PATH)%') },
        }),
        connections('pages', log('connection %RESPONSE_FLAGS%')),
        connections('unreachable', log('connection %RESPONSE_FLAGS%')),
      ],
      clusters: [
        ...[...callees].map(([name, { address }]) => plainCluster(name, [address])),
        olderCluster('pages', pagesAddress),
        olderCluster('unreachable', unusedAddress),
      ],
    });
  });

  afterAll(async () => {
    await envoy?.[Symbol.asyncDispose]();
    for (const callee of callees.values()) await callee[Symbol.asyncDispose]();
    await new Promise((resolve) => pages.close(resolve));
    await rm(folder, { recursive: true });
  });

  const page = async (target: string, name = 'pages'): Promise<number> =>
    (await exchange(`http://${envoy.address(name)}`, { target })).status;

  /**
   * The log lines of one run. Lines are written in order, so they are complete when the line of a later request is
   * present.
   */
  const linesOf = async (run: () => Promise<void>): Promise<string[]> => {
    const before = (await logged()).length;
    await run();
    expect(await page('/599')).toBe(599);
    await eventually('the last page is logged', async () => (await logged()).slice(before).includes('page /599'));
    return (await logged()).slice(before).filter((line) => line !== 'page /599');
  };
  const logged = async (): Promise<string[]> => {
    const path = join(folder, 'log');
    return existsSync(path) ? (await readFile(path, 'utf8')).split('\n').slice(0, -1) : [];
  };

  it.each(['/200', '/404'])(
    'has no line for a page with an expected status, even when the request has no content-type: %s',
    async (target) => {
      expect(await linesOf(async () => expect(await page(target)).toBe(Number(target.slice(1))))).toEqual([]);
    },
  );

  it.each([
    ['/refused', 403],
    ['/503', 503],
  ])('has a line for a failed or refused page: %s', async (target, status) => {
    expect(await linesOf(async () => expect(await page(target)).toBe(status))).toEqual([`page ${target}`]);
  });

  it.each([
    ['healthy', 'OK', []],
    ['unavailable', 'UNAVAILABLE', ['call unavailable -']],
  ] as const)('logs for a call to a service that is %s, with status %s, the lines %j', async (name, status, lines) => {
    expect(await linesOf(async () => expect(await bareCall(envoy.address(name), CALL)).toBe(status))).toEqual(lines);
  });

  it('has a line for a call that the caller cancelled before an answer', async () => {
    const lines = await linesOf(async () => {
      using call = rawCall(envoy.address('hanging'), CALL);
      call.stream.end(frame(new Uint8Array()));
      await eventually('the call has reached the service', () => callees.get('hanging')?.attempts.length === 1);
      // Clients reset the stream at their deadline.
      call.stream.close(constants.NGHTTP2_CANCEL);
      const { headers } = await call.response;
      expect(headers).toEqual({});
      await eventually('the proxy has ended the request', async () => {
        const stats = await envoy.stats(/^http\.hanging\.downstream_rq_active$/);
        return stats['http.hanging.downstream_rq_active'] === 0;
      });
    });
    expect(lines).toEqual([expect.stringMatching(/^call hanging D[CR]/)]);
  });

  it.each([
    ['pages', 200, []],
    ['unreachable', 0, ['connection UF,URX']],
  ] as const)(
    'logs for a connection to the cluster %s, with HTTP status %j, the lines %j',
    async (cluster, status, lines) => {
      const run = async (): Promise<void> => expect(await page('/200', `connections to ${cluster}`)).toBe(status);
      expect(await linesOf(run)).toEqual(lines);
    },
  );
});
