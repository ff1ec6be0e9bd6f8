import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  type CompletedRequest,
  type MeasureRequest,
  NO_ROUTE,
  observeRequests,
  requestMetrics,
} from '../../lib/http/request-metrics.ts';
import type { InFlight } from '../../lib/net/in-flight.ts';
import type { Runtime } from '../../lib/runtime/runtime.ts';
import type { AppOptions } from './app-options.ts';
import { requestLines } from './log-lines.ts';

const FILES = ['/static/*', '/static/banner.css', '/_healthz', '/robots.txt'];

/** Registers the request metrics of the storefront. */
export function storefrontMetrics({ config, routes, runtime }: AppOptions, inFlight: InFlight): MeasureRequest {
  const { metrics } = runtime;
  return requestMetrics({ metrics, routes: FILES, pages: routes, inFlight, limit: config.maxConcurrentRequests });
}

/** Logs and measures every request once it has ended. */
export function measureRequests(app: FastifyInstance, options: AppOptions, measure: MeasureRequest): void {
  const { config, runtime } = options;
  const routeOf = (request: FastifyRequest): string => routeBelow(config.basePath, request);
  observeRequests(app, routeOf, (completed, requestId, span) => {
    measure(completed, span);
    logRequest(runtime, completed, requestId);
  });
}

function logRequest(
  { log }: Pick<Runtime, 'log'>,
  { method, route, status, durationMs }: CompletedRequest,
  requestId: string,
): void {
  log.write(requestLines.completed, { method, route, status, durationMs, requestId });
}

function routeBelow(basePath: string, { routeOptions: { url } }: FastifyRequest): string {
  if (url === undefined) return NO_ROUTE;
  return url.startsWith(basePath) ? url.slice(basePath.length) || '/' : url;
}
