import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../log/logger.ts';
import { cannotListen, hostPort } from '../net/listen.ts';
import type { Metrics } from './metrics.ts';
import type { MetricsConfig } from './metrics-config.ts';

/** The metrics of a service, to be asked for over HTTP. */
export type MetricsServer = AsyncDisposable & {
  /** `host:port` it is bound to. */
  readonly address: string;
};

/**
 * Offers metrics at `/metrics`: as OpenMetrics with exemplars to whoever accepts that, else as Prometheus text.
 *
 * @throws {Error} `cannot listen on <address>: <why>; ...` when the address is taken or none of this machine's
 */
export async function startMetricsServer(options: {
  config: MetricsConfig;
  metrics: Metrics;
  log: Logger;
}): Promise<MetricsServer> {
  const { config, metrics, log } = options;
  const server = createServer((request, response) => {
    answer(metrics, request, response).catch((error: unknown) => {
      log.error({ err: error }, 'metrics not answered');
      response.writeHead(500).end();
    });
  });
  try {
    server.listen({ host: config.host, port: config.port });
    await once(server, 'listening');
  } catch (cause) {
    throw cannotListen(hostPort(config.host, config.port), cause, 'choose another METRICS_PORT');
  }
  const { port } = server.address() as AddressInfo;
  return {
    address: hostPort(config.host, port),
    [Symbol.asyncDispose]: async () => {
      server.close();
      // Whoever scrapes keeps its connection; it is no reason to wait.
      server.closeAllConnections();
    },
  };
}

const OPEN_METRICS = 'application/openmetrics-text';

async function answer({ registry }: Metrics, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '').split('?', 1)[0];
  if (path !== '/metrics') {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('The metrics are at /metrics.\n');
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD', 'content-type': 'text/plain' }).end('Ask with GET.\n');
    return;
  }
  const text = await registry.metrics();
  const accepted = acceptsOpenMetrics(request.headers.accept ?? '');
  const body = accepted ? text : asPlainText(text);
  response.writeHead(200, { 'content-type': accepted ? registry.contentType : PLAIN }).end(body);
}

// A type with the weight 0 is one that is not wanted. Source: RFC 9110, 12.4.2.
function acceptsOpenMetrics(accept: string): boolean {
  return accept.split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === OPEN_METRICS && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}

const PLAIN = 'text/plain; version=0.0.4; charset=utf-8';

// The older format has neither exemplars nor an end mark, and counters are called what their one series is called.
function asPlainText(openMetrics: string): string {
  return openMetrics
    .replace(/ # \{.*$/gm, '')
    .replace(/^# HELP (\S+) (.*)\n# TYPE \1 counter$/gm, '# HELP $1_total $2\n# TYPE $1_total counter')
    .replace(/^# EOF\n/m, '');
}
