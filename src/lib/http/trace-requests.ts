import { type Context, context, type Span, SpanKind, type Tracer, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { attribute } from '../telemetry/attributes.ts';
import { markFailed } from '../telemetry/in-span.ts';
import { extractTrace } from '../telemetry/propagation.ts';
import { whenOver } from './when-over.ts';

// Nobody clicks on these: they would bury the pages.
const UNTRACED = /\/(?:static\/.*|_healthz|robots\.txt)$/;

/**
 * Makes a span of every request for a page, as a child of the browser's or the proxy's if that sent one. Hooks that are
 * added after it, and the page, work in its context.
 */
export function traceRequests(app: FastifyInstance, tracer: Tracer): void {
  const contexts = new WeakMap<FastifyRequest, Context>();
  app.addHook('onRequest', (request, reply, done) => {
    const route = request.routeOptions.url;
    if (route !== undefined && UNTRACED.test(route)) {
      done();
      return;
    }
    const parent = extractTrace((name) => headerOf(request, name));
    const span = tracer.startSpan(
      nameOf(request),
      { kind: SpanKind.SERVER, attributes: attributesOf(request) },
      parent,
    );
    whenOver(reply, () => endRequestSpan(span, reply));
    const worked = trace.setSpan(parent, span);
    contexts.set(request, worked);
    context.with(worked, done);
  });
  // A form is read from the connection, whose events know nothing of the request's context: it is entered again.
  app.addHook('preValidation', (request, _reply, done) => {
    context.with(contexts.get(request) ?? context.active(), done);
  });
}

function nameOf({ method, routeOptions: { url } }: FastifyRequest): string {
  return url === undefined ? method : `${method} ${url}`;
}

// The route and not the path: that may hold what a shopper typed.
function attributesOf({ method, id, protocol, routeOptions: { url } }: FastifyRequest) {
  return {
    [attribute.httpMethod]: method,
    [attribute.urlScheme]: protocol,
    ...(url === undefined ? {} : { [attribute.httpRoute]: url }),
    [attribute.requestId]: id,
  };
}

function endRequestSpan(span: Span, reply: FastifyReply): void {
  const { statusCode, headersSent } = reply.raw;
  // Who left before the answer got no status.
  if (headersSent) {
    span.setAttribute(attribute.httpStatusCode, statusCode);
    if (statusCode >= 500) markFailed(span, String(statusCode));
  }
  span.end();
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
