import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Logger } from '../log/logger.ts';
import { metricLines } from '../metrics/log-lines.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { MetricsConfig } from '../metrics/metrics-config.ts';
import { hostPort } from '../net/listen.ts';
import { listenWith } from './listening.ts';
import { GET_HEAD } from './other-methods.ts';

/** Serves the metrics of a service over HTTP. */
export type MetricsServer = AsyncDisposable & {
  /** `host:port` it is bound to. */
  readonly address: string;
};

/**
 * Serves `/metrics`: as OpenMetrics with exemplars to a client that accepts it, else as Prometheus text.
 *
 * @throws {Error} `cannot listen on <address>: <why>; ...` when the address is taken or not an address of this machine
 */
export async function startMetricsServer(options: {
  config: MetricsConfig;
  metrics: Metrics;
  log: Logger;
}): Promise<MetricsServer> {
  const { config, metrics, log } = options;
  const server = createServer((request, response) => {
    handle(metrics, request, response).catch((error: unknown) => {
      log.write(metricLines.requestFailed, { err: error });
      response.writeHead(500).end();
    });
  });
  const port = await listenWith(server, config, 'choose another METRICS_PORT');
  return {
    address: hostPort(config.host, port),
    [Symbol.asyncDispose]: async () => {
      server.close();
      // A scraper keeps its connection open: do not wait for it.
      server.closeAllConnections();
    },
  };
}

const OPEN_METRICS = 'application/openmetrics-text';

async function handle({ registry }: Metrics, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '').split('?', 1)[0];
  if (path !== '/metrics') {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('The metrics are at /metrics.\n');
    return;
  }
  if (!GET_HEAD.includes(request.method ?? '')) {
    response.writeHead(405, { allow: GET_HEAD.join(', '), 'content-type': 'text/plain' }).end('Use GET.\n');
    return;
  }
  const text = await registry.metrics();
  const accepted = acceptsOpenMetrics(request.headers.accept ?? '');
  const body = accepted ? text : asPlainText(text);
  response.writeHead(200, { 'content-type': accepted ? registry.contentType : PLAIN }).end(body);
}

// A type with weight 0 is not acceptable. Source: RFC 9110, 12.4.2.
function acceptsOpenMetrics(accept: string): boolean {
  return accept.split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === OPEN_METRICS && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}

const PLAIN = 'text/plain; version=0.0.4; charset=utf-8';

// The older format has no exemplars and no end mark, and a counter has the name of its one series.
function asPlainText(openMetrics: string): string {
  return openMetrics
    .replace(/ # \{.*$/gm, '')
    .replace(/^# HELP (\S+) (.*)\n# TYPE \1 counter$/gm, '# HELP $1_total $2\n# TYPE $1_total counter')
    .replace(/^# EOF\n/m, '');
}
