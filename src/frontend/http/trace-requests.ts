import { type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { attribute } from '../../lib/telemetry/attributes.ts';
import { inContext } from '../../lib/telemetry/context.ts';
import { extractTrace } from '../../lib/telemetry/propagation.ts';
import { whenOver } from './when-over.ts';

// Nobody clicks on these: they would bury the pages.
const UNTRACED = /\/(?:static\/|_healthz$|robots\.txt$)/;

/** Makes a span of every request for a page, as a child of the browser's or the proxy's if that sent one. */
export function traceRequests(app: FastifyInstance, tracer: Tracer): void {
  app.addHook('onRequest', (request, reply, done) => {
    const route = request.routeOptions.url;
    if (route !== undefined && UNTRACED.test(route)) {
      done();
      return;
    }
    const parent = extractTrace((name) => headerOf(request, name));
    const span = tracer.startSpan(
      route === undefined ? request.method : `${request.method} ${route}`,
      {
        kind: SpanKind.SERVER,
        attributes: {
          [attribute.httpMethod]: request.method,
          ...(route === undefined ? {} : { [attribute.httpRoute]: route }),
          [attribute.requestId]: request.id,
        },
      },
      parent,
    );
    whenOver(reply, () => endRequestSpan(span, reply.statusCode));
    // Everything that is done for the request from here on is done in its context.
    inContext(trace.setSpan(parent, span), done);
  });
}

function endRequestSpan(span: Span, statusCode: number): void {
  span.setAttribute(attribute.httpStatusCode, statusCode);
  if (statusCode >= 500) {
    span.setAttribute(attribute.errorType, String(statusCode));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
