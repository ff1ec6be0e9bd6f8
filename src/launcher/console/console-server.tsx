import { readFileSync } from 'node:fs';
import { type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { projectPath } from '../../lib/project-root.ts';
import { LOOPBACK } from '../shop.ts';
import { readSpans } from './seen-span.ts';
import type { ServiceWatch } from './service-watch.ts';
import { ServicesPage } from './services-page.tsx';
import { TracePage } from './trace-page.tsx';
import type { TraceWindow } from './trace-window.ts';
import { TracesPage } from './traces-page.tsx';

const MAX_EXPORT_BYTES = 8 * 1024 * 1024;
const HEADERS = {
  'content-security-policy': "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/**
 * Starts the console on loopback: pages for a person on this machine, and a receiver of spans as OTLP in JSON.
 *
 * @param options.watch answers what watches the services, once there are any
 * @throws {NodeJS.ErrnoException} EADDRINUSE when the port is taken
 */
export async function startConsole(options: {
  port: number;
  window: TraceWindow;
  watch: () => ServiceWatch | undefined;
}) {
  const { window, watch } = options;
  const app = fastify({ logger: false, bodyLimit: MAX_EXPORT_BYTES });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    const problem = problemOf(request);
    if (problem !== undefined) await plain(reply, 403, problem);
  });
  const css = readFileSync(projectPath('src', 'launcher', 'console', 'console.css'), 'utf8');
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
    const services = watch();
    if (services === undefined) return plain(reply, 503, 'The shop is not open yet. Reload in a moment.');
    const [health, edges] = await Promise.all([services.health(), services.edges()]);
    return show(reply, <ServicesPage health={health} edges={edges} />);
  });
  app.post('/v1/traces', ({ body }, reply) => {
    const spans = readSpans(body);
    if (spans === undefined) return plain(reply, 400, 'This is no ExportTraceServiceRequest in JSON.');
    window.addSpans(spans);
    return reply.send({});
  });
  const url = await app.listen({ host: LOOPBACK, port: options.port });
  return {
    /** `host:port`. */
    address: url.replace('http://', ''),
    [Symbol.asyncDispose]: async () => {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

function show(reply: FastifyReply, page: VNode): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(`<!doctype html>${renderToString(page)}`);
}

function plain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(`${text}\n`);
}

/**
 * Says why a request is refused. The console has no login: it is for who sits at this machine, and not for a page of
 * somebody else's that the same browser has open, nor for a name that such a page has pointed here.
 */
function problemOf({ headers, socket, method }: FastifyRequest): string | undefined {
  const own = [LOOPBACK, 'localhost'].map((host) => `${host}:${socket.localPort}`);
  if (!own.includes(headers.host ?? '')) return `The console is at http://${own[0]}/ and has no other name.`;
  const { origin, 'sec-fetch-site': site = 'none', 'sec-fetch-mode': mode } = headers;
  const isLinkOfTheShop = site === 'same-site' && method === 'GET' && mode === 'navigate';
  const isOwn = origin === undefined || own.some((host) => origin === `http://${host}`);
  if (isOwn && (isLinkOfTheShop || site === 'none' || site === 'same-origin')) return undefined;
  return 'The console answers to its own pages only, not to those of another site.';
}
