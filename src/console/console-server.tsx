import { readFileSync } from 'node:fs';
import { type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { UpstreamError } from '../lib/grpc/upstream-error.ts';
import { securityHeaders } from '../lib/http/security-headers.ts';
import { LOOPBACK } from '../lib/net/listen.ts';
import { projectPath } from '../lib/runtime/project-root.ts';
import { OrderPage, type ReadOrderEvents } from './order-page.tsx';
import { refusalOf } from './refusal.ts';
import { readSpans } from './seen-span.ts';
import { serviceColors } from './service-colors.ts';
import type { ServiceWatch } from './service-watch.ts';
import { ServicesPage } from './services-page.tsx';
import { TracePage } from './trace-page.tsx';
import type { TraceWindow } from './trace-window.ts';
import { TracesPage } from './traces-page.tsx';

const NOT_OPEN = 'The shop is not open yet. Reload in a moment.';
// `data:` allows the empty icon of the pages.
const HEADERS = {
  ...securityHeaders({ 'style-src': "'self'", 'img-src': 'data:' }),
  'cache-control': 'no-store',
};

/** What the console knows of the shop; `undefined` until the shop has started. */
export type OpenShop = { readonly watch: ServiceWatch; readonly orderEvents: ReadOrderEvents };

/**
 * Starts the console on loopback: pages for a browser on this machine, and a receiver of OTLP spans as JSON.
 *
 * @throws {NodeJS.ErrnoException} EADDRINUSE when the port is taken
 */
export async function startConsole(port: number, window: TraceWindow, shop: () => OpenShop | undefined) {
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    bodyLimit: 8 * 1024 * 1024,
    // Fastify responds to an undecodable URL before any hook runs.
    frameworkErrors: (_error, request, reply) => void (receive(request, reply) ?? plain(reply, 400, 'No such page.')),
  });
  app.addHook('onRequest', async (request, reply) => receive(request, reply));
  const css = `${readFileSync(projectPath('src', 'console', 'console.css'), 'utf8')}\n${serviceColors()}`;
  app.get('/console.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(css));
  app.get<{ Querystring: { show?: string } }>('/', ({ query }, reply) =>
    show(reply, <TracesPage traces={window.traces} onlyErrors={query.show === 'errors'} />),
  );
  app.get<{ Params: { id: string } }>('/traces/:id', ({ params: { id } }, reply) => {
    const trace = window.traces.get(id);
    if (trace === undefined) return plain(reply, 404, 'This trace is not here: it never was, or has been forgotten.');
    return show(reply, <TracePage traceId={id} trace={trace} />);
  });
  app.get('/services', async (_request, reply) => {
    const open = shop();
    if (open === undefined) return plain(reply, 503, NOT_OPEN);
    return show(reply, <ServicesPage {...(await open.watch.now())} />);
  });
  app.get<{ Params: { id: string } }>('/orders/:id', async ({ params: { id } }, reply) => {
    const open = shop();
    if (open === undefined) return plain(reply, 503, NOT_OPEN);
    try {
      const events = await open.orderEvents(id);
      return events === undefined
        ? plain(reply, 404, 'There is no order with this number.')
        : show(reply, <OrderPage orderId={id} events={events} />);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      return plain(reply, 503, 'checkoutservice does not answer. Reload in a moment.');
    }
  });
  app.post('/v1/traces', ({ body }, reply) => {
    const spans = readSpans(body);
    if (spans === undefined) return plain(reply, 400, 'This is no ExportTraceServiceRequest in JSON.');
    window.addSpans(spans);
    return reply.send({});
  });
  const url = await app.listen({ host: LOOPBACK, port });
  return {
    /** `host:port`. */
    address: url.replace('http://', ''),
    [Symbol.asyncDispose]: () => app.close(),
  };
}

function receive({ headers, socket, method }: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  reply.headers(HEADERS);
  const refusal = refusalOf(method, headers, socket.localPort);
  return refusal === undefined ? undefined : plain(reply, 403, refusal);
}

const show = (reply: FastifyReply, page: VNode): FastifyReply =>
  reply.type('text/html; charset=utf-8').send(`<!doctype html>${renderToString(page)}`);

const plain = (reply: FastifyReply, status: number, text: string): FastifyReply =>
  reply.code(status).type('text/plain; charset=utf-8').send(`${text}\n`);
