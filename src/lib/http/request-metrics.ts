import { type SpanContext, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DURATION_BUCKETS, type Metrics, single } from '../metrics/metrics.ts';
import type { InFlight } from '../net/in-flight.ts';
import { isAbandoned, onRequestEnd } from './on-request-end.ts';

/** The status under which a request is measured whose client disconnected before the response. */
export const ABANDONED = 499;

/** The route under which a request is measured that matches no route. */
export const NO_ROUTE = 'none';

const METHODS = ['GET', 'HEAD', 'POST'];
const CLIENT_ERRORS = [400, 403, 404, 405, 408, 412, 413, 414, 415, 416, 422, 431, ABANDONED];
const STATUSES = [200, 206, 302, 303, 304, ...CLIENT_ERRORS, 500, 503];

/** A request that has ended. */
export type CompletedRequest = {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
};

/** Records a request that has ended. */
export type MeasureRequest = (completed: CompletedRequest, span?: SpanContext) => void;

/**
 * Calls `onCompleted` for each request once it has ended.
 *
 * @param routeOf the route pattern of a request: never its path, which may hold what a visitor typed
 */
export function observeRequests(
  app: FastifyInstance,
  routeOf: (request: FastifyRequest) => string,
  onCompleted: (completed: CompletedRequest, requestId: string, span: SpanContext | undefined) => void,
): void {
  app.addHook('onRequest', async (request, reply) => {
    const startedAt = performance.now();
    onRequestEnd(reply, () => {
      const completed = {
        method: request.method,
        route: routeOf(request),
        status: statusOf(reply),
        durationMs: Math.round((performance.now() - startedAt) * 100) / 100,
      };
      onCompleted(completed, request.id, trace.getActiveSpan()?.spanContext());
    });
  });
}

/**
 * Registers the request metrics of a server.
 *
 * Source: OpenTelemetry semantic conventions, http.server.request.duration.
 *
 * @param options.routes the route patterns that may be measured; all others count as one
 * @param options.pages method and route of the pages, whose 500 and 503 series start at 0
 * @param options.limit requests in flight at which more are refused
 */
export function requestMetrics(options: {
  metrics: Metrics;
  routes: readonly string[];
  pages: readonly { readonly method: string; readonly path: string }[];
  inFlight: InFlight;
  limit: number;
}): MeasureRequest {
  const { metrics, routes, pages, inFlight, limit } = options;
  const duration = metrics.histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from a request to the end of its response. Routes are below the base path; 499 is a disconnected client.',
    labels: {
      http_request_method: METHODS,
      http_route: [...new Set([...pages.map(({ path }) => path), ...routes, NO_ROUTE])],
      http_response_status_code: STATUSES.map(String),
    },
    buckets: DURATION_BUCKETS,
    // `rate` sees the first failure only of a series that existed before it.
    shown: pages.flatMap(({ method, path }) => [500, 503].map((status) => labelsOf(method, path, status))),
  });
  metrics.gauge({ name: 'http_server_active_requests', help: 'Requests in flight.', labels: {} }, () =>
    single(inFlight.running()),
  );
  metrics.gauge(
    {
      name: 'http_server_active_requests_limit',
      help: 'Requests that can be in flight; one more is refused.',
      labels: {},
    },
    () => single(limit),
  );
  return ({ method, route, status, durationMs }, span) => {
    duration.observe(labelsOf(method, route, status), durationMs / 1000, span);
  };
}

function labelsOf(method: string, route: string, status: number) {
  return { http_request_method: method, http_route: route, http_response_status_code: String(status) };
}

function statusOf(reply: FastifyReply): number {
  return isAbandoned(reply) ? ABANDONED : reply.statusCode;
}
