import { type Context, context, type Span, SpanKind, type Tracer, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { attribute } from '../telemetry/attributes.ts';
import { markFailed } from '../telemetry/in-span.ts';
import { extractTrace } from '../telemetry/propagation.ts';
import { declareSpan } from '../telemetry/span-declaration.ts';
import { onRequestEnd } from './on-request-end.ts';

/** The handling of one HTTP request. */
export const httpServerSpan = declareSpan({
  title: 'HTTP server',
  names: ['<method> <route>', '<method>'],
  kind: SpanKind.SERVER,
  attributes: [
    { name: attribute.httpMethod, about: 'such as `GET` and `POST`' },
    {
      name: attribute.httpRoute,
      about: 'the route pattern, such as `/product/:id`; never the path, which may hold what a visitor typed',
      absent: 'no route matches',
    },
    { name: attribute.httpStatusCode, about: 'such as `200`', absent: 'the client disconnected before the response' },
    { name: attribute.urlScheme, values: ['http'] },
    { name: attribute.requestId, about: 'the request id on error pages and in log lines' },
    {
      name: attribute.deadlineRemainingMs,
      about: 'the milliseconds that the page may take',
      absent: 'no page handler runs',
    },
  ],
});

/**
 * Starts a server span for each request, as a child of the client's span if the request names one. Hooks that are added
 * later, and the handler, run in its context.
 *
 * @param options.untraced matches the route patterns without a span, such as those of files and probes
 */
export function traceRequests(app: FastifyInstance, options: { tracer: Tracer; untraced: RegExp }): void {
  const { tracer, untraced } = options;
  const contexts = new WeakMap<FastifyRequest, Context>();
  app.addHook('onRequest', (request, reply, done) => {
    const route = request.routeOptions.url;
    if (route !== undefined && untraced.test(route)) {
      done();
      return;
    }
    const parent = extractTrace((name) => headerOf(request, name));
    const span = tracer.startSpan(
      nameOf(request),
      { kind: httpServerSpan.kind, attributes: attributesOf(request) },
      parent,
    );
    onRequestEnd(reply, () => endRequestSpan(span, reply));
    const active = trace.setSpan(parent, span);
    contexts.set(request, active);
    context.with(active, done);
  });
  // The events of the connection that carry the body run outside the request's context: enter it again.
  app.addHook('preValidation', (request, _reply, done) => {
    context.with(contexts.get(request) ?? context.active(), done);
  });
}

function nameOf({ method, routeOptions: { url } }: FastifyRequest): string {
  return url === undefined ? method : `${method} ${url}`;
}

// The route pattern, not the path, which may hold what a visitor typed.
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
  // A client that disconnected before the response received no status.
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
