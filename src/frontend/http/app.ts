import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import { type FastifyInstance, fastify } from 'fastify';
import { refuseCrossSite } from '../../lib/http/cross-site.ts';
import { closeGracefully, listenAt } from '../../lib/http/listening.ts';
import { onRequestEnd } from '../../lib/http/on-request-end.ts';
import { GET_HEAD, refuseOtherMethods } from '../../lib/http/other-methods.ts';
import { helmetOptions } from '../../lib/http/security-headers.ts';
import { traceRequests } from '../../lib/http/trace-requests.ts';
import { type InFlight, inFlightLimit } from '../../lib/net/in-flight.ts';
import { shutdownShares } from '../../lib/process/lifecycle.ts';
import { projectPath } from '../../lib/runtime/project-root.ts';
import type { FrontendConfig } from '../config.ts';
import { parseForm } from '../page/forms.ts';
import { HttpProblem } from '../page/problem.ts';
import type { AppOptions } from './app-options.ts';
import { handleClientError } from './client-error.ts';
import { CONTENT_POLICY } from './content-policy.ts';
import { handleErrors } from './error-pages.tsx';
import { measureRequests, storefrontMetrics } from './measure-requests.ts';
import { servePages } from './serve-pages.ts';

/** The HTTP server of the shop. */
export type App = {
  /**
   * Binds the server.
   *
   * @returns the bound port
   *
   * @throws {Error} `cannot listen on <address>: <why>`
   */
  readonly listen: () => Promise<number>;
  /** Stops accepting connections, waits for the requests in flight, and closes. */
  readonly close: () => Promise<void>;
};

const MAX_FORM_BYTES = 64 * 1024;
const STATIC_MAX_AGE_MS = 3_600_000;
/** Files and probes: their spans would outnumber those of the pages. */
const UNTRACED = /\/(?:static\/.*|_healthz|robots\.txt)$/;
/** The length limit of a URL. The service that owns an id decides whether it is valid. */
const MAX_PARAM_LENGTH = 16 * 1024;

/** Creates the HTTP server; it does not listen yet. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, runtime } = options;
  const inFlight = inFlightLimit(config.maxConcurrentRequests);
  const measure = storefrontMetrics(options, inFlight);
  const app = fastify({
    logger: false,
    bodyLimit: MAX_FORM_BYTES,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    requestIdHeader: false,
    genReqId: ({ headers }) => readRequestId(headers['x-request-id']) ?? runtime.newId(),
    rewriteUrl: ({ url }) => decodableUrl(url ?? '/'),
    // Ends a request that is sent byte by byte.
    requestTimeout: 15_000,
    clientErrorHandler: handleClientError(options, measure),
  });
  traceRequests(app, { tracer: runtime.tracer, untraced: UNTRACED });
  handleErrors(app, options);
  measureRequests(app, options, measure);
  await app.register(helmet, helmetOptions(CONTENT_POLICY));
  await app.register(cookie);
  app.removeAllContentTypeParsers();
  await app.register(formbody, { bodyLimit: MAX_FORM_BYTES, parser: parseForm as never });
  app.addHook('onSend', async (_request, reply) => {
    if (!options.isReady()) reply.header('connection', 'close');
  });
  // Health checks are exempt from the limit, so that a busy process is not restarted.
  serveHealth(app, options);
  await app.register(async (shop) => {
    limitRequests(shop, inFlight);
    shop.addHook('onRequest', async (request) => refuseCrossSite(request));
    await serveFiles(shop, config);
    servePages(shop, options);
  });
  return {
    listen: async () => await listenAt(app, config),
    close: async () => await closeGracefully(app, inFlight, shutdownShares(config.shutdown).drainMs),
  };
}

function limitRequests(app: FastifyInstance, inFlight: InFlight): void {
  app.addHook('onRequest', async (_request, reply) => {
    if (!inFlight.enter()) {
      const message = 'There are too many visitors right now. Please try again in a few seconds.';
      throw new HttpProblem(503, 'The shop is busy', message, { retryAfterSeconds: 2 });
    }
    onRequestEnd(reply, inFlight.leave);
  });
}

async function serveFiles(app: FastifyInstance, { basePath, bannerColor }: FrontendConfig): Promise<void> {
  await app.register(fastifyStatic, {
    root: projectPath('src', 'frontend', 'static'),
    prefix: `${basePath}/static/`,
    maxAge: STATIC_MAX_AGE_MS,
    index: false,
    wildcard: true,
  });
  refuseOtherMethods(app, `${basePath}/static/*`, GET_HEAD);
  if (bannerColor !== undefined) {
    app.get(`${basePath}/static/banner.css`, async (_request, reply) => {
      await reply.type('text/css; charset=utf-8').send(`:root { --banner-color: ${bannerColor}; }\n`);
    });
  }
}

function serveHealth(app: FastifyInstance, { config, isReady, hasReachedCatalogue }: AppOptions): void {
  const paths = new Set(['', config.basePath]);
  // `/_healthz?ready` is for the readiness probe. It shares the path of the liveness probe, so that the same probe works
  // with Online Boutique's frontend, which ignores the query.
  const problem = async (query: unknown): Promise<string | undefined> => {
    if (!isReady()) return 'stopping';
    const asksReadiness = typeof query === 'object' && query !== null && 'ready' in query;
    return asksReadiness && !(await hasReachedCatalogue()) ? 'starting' : undefined;
  };
  for (const path of paths) {
    app.get(`${path}/_healthz`, async (request, reply) => {
      const found = await problem(request.query);
      await reply
        .code(found === undefined ? 200 : 503)
        .type('text/plain; charset=utf-8')
        .send(found ?? 'ok');
    });
    app.get(`${path}/robots.txt`, async (_request, reply) => {
      await reply.type('text/plain; charset=utf-8').send('User-agent: *\nDisallow: /\n');
    });
    for (const file of ['_healthz', 'robots.txt']) refuseOtherMethods(app, `${path}/${file}`, GET_HEAD);
  }
}

// A path that is not valid UTF-8 names no page, so it is routed to one that does not exist.
function decodableUrl(url: string): string {
  try {
    decodeURIComponent(url.split('?', 1)[0] ?? '');
    return url;
  } catch {
    return '/not-decodable';
  }
}

function readRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w-]{1,64}$/.test(header) ? header : undefined;
}
