import { type SpanContext, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isAbandoned, whenOver } from '../../lib/http/when-over.ts';
import { DURATION_BUCKETS, single } from '../../lib/metrics/metrics.ts';
import type { InFlight } from '../../lib/net/in-flight.ts';
import type { Runtime } from '../../lib/runtime/runtime.ts';
import type { Route } from '../page/route.ts';
import type { AppOptions } from './app-options.ts';

/** What is counted and logged for a client that left before it had its answer. */
export const ABANDONED = 499;

/** What is counted for a path that is no page. */
export const NO_ROUTE = 'none';

const METHODS = ['GET', 'HEAD', 'POST'];
const STATUSES = [
  200,
  206,
  302,
  303,
  304,
  400,
  403,
  404,
  405,
  408,
  412,
  413,
  414,
  415,
  416,
  422,
  431,
  ABANDONED,
  500,
  503,
];
const FILES = ['/static/*', '/static/banner.css', '/_healthz', '/robots.txt'];

/** A request that is over, as it is counted. */
export type Answered = {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
};

/** Counts a request that is over. */
export type MeasureRequest = (answered: Answered, of?: SpanContext) => void;

/** Logs and measures every request, once it is over. */
export function measureRequests(app: FastifyInstance, options: AppOptions, measure: MeasureRequest): void {
  const { config, runtime } = options;
  app.addHook('onRequest', async (request, reply) => {
    const startedAt = performance.now();
    whenOver(reply, () => {
      const answered = {
        method: request.method,
        route: routeBelow(config.basePath, request),
        status: statusOf(reply),
        durationMs: Math.round((performance.now() - startedAt) * 100) / 100,
      };
      measure(answered, trace.getActiveSpan()?.spanContext());
      logRequest(runtime, answered, request.id);
    });
  });
}

// An outage is to be seen from its first page on.
function whatMayHappenTo({ method, path }: Route) {
  return [500, 503].map((status) => ({
    http_request_method: method,
    http_route: path,
    http_response_status_code: String(status),
  }));
}

/**
 * Makes the metrics of requests.
 *
 * Source: OpenTelemetry semantic conventions, http.server.request.duration.
 */
export function requestMetrics(
  { config, routes, runtime: { metrics } }: AppOptions,
  inFlight: InFlight,
): MeasureRequest {
  const duration = metrics.histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from a request to the end of its answer. Routes are below the base path; 499 is a client that left.',
    labels: {
      http_request_method: METHODS,
      http_route: [...new Set(routes.map(({ path }) => path)), ...FILES, NO_ROUTE],
      http_response_status_code: STATUSES.map(String),
    },
    buckets: DURATION_BUCKETS,
    shown: routes.flatMap(whatMayHappenTo),
  });
  metrics.gauge({ name: 'http_server_active_requests', help: 'Requests that are at work.', labels: {} }, () =>
    single(inFlight.running()),
  );
  metrics.gauge(
    {
      name: 'http_server_active_requests_limit',
      help: 'Requests that can be at work; one more is refused.',
      labels: {},
    },
    () => single(config.maxConcurrentRequests),
  );
  return ({ method, route, status, durationMs }, span) => {
    const labels = { http_request_method: method, http_route: route, http_response_status_code: String(status) };
    duration.observe(labels, durationMs / 1000, span);
  };
}

function logRequest(
  { log }: Pick<Runtime, 'log'>,
  { method, route, status, durationMs }: Answered,
  requestId: string,
): void {
  log.info({ method, route, status, durationMs, requestId }, 'request answered');
}

// The pattern, and not the path: that may hold what a shopper typed.
function routeBelow(basePath: string, { routeOptions: { url } }: FastifyRequest): string {
  if (url === undefined) return NO_ROUTE;
  return url.startsWith(basePath) ? url.slice(basePath.length) || '/' : url;
}

function statusOf(reply: FastifyReply): number {
  return isAbandoned(reply) ? ABANDONED : reply.statusCode;
}
