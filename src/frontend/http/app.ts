import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import { type FastifyInstance, fastify } from 'fastify';
import { inFlightLimit } from '../../lib/grpc/in-flight.ts';
import { projectPath } from '../../lib/project-root.ts';
import type { Runtime } from '../../lib/runtime.ts';
import type { FrontendConfig } from '../config.ts';
import type { FrameMaker } from '../frame.ts';
import type { Route } from '../routes.ts';
import { refuseCrossSite } from './cross-site.ts';
import { handleErrors } from './error-pages.tsx';
import { parseForm } from './forms.ts';
import { HttpProblem } from './problem.ts';
import { servePages } from './serve-pages.ts';

export type AppOptions = {
  readonly config: FrontendConfig;
  readonly runtime: Runtime;
  readonly routes: readonly Route[];
  readonly frame: FrameMaker;
  /** False once the process is about to end: health says so. */
  readonly isReady: () => boolean;
};

const MAX_FORM_BYTES = 64 * 1024;
const STATIC_MAX_AGE_MS = 3_600_000;

/** The HTTP server of the shop, not listening yet. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { config, runtime } = options;
  const app = fastify({
    logger: false,
    bodyLimit: MAX_FORM_BYTES,
    routerOptions: { maxParamLength: 200 },
    requestIdHeader: false,
    genReqId: ({ headers }) => readRequestId(headers['x-request-id']) ?? runtime.newId(),
    forceCloseConnections: 'idle',
    // Somebody who sends a request byte by byte does not hold a place for ever.
    requestTimeout: 15_000,
    return503OnClosing: true,
  });
  handleErrors(app, options);
  await app.register(helmet, securityHeaders());
  await app.register(cookie);
  app.removeAllContentTypeParsers();
  await app.register(formbody, { bodyLimit: MAX_FORM_BYTES, parser: parseForm as never });
  limitRequests(app, config.maxConcurrentRequests);
  app.addHook('onRequest', async (request) => refuseCrossSite(request));
  logRequests(app, runtime);
  await serveFiles(app, config);
  serveHealth(app, options);
  servePages(app, options);
  return app;
}

// Nothing from elsewhere, nothing inline: what the pages need is named here.
function securityHeaders() {
  const self = ["'self'"];
  const nothing = ["'none'"];
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: nothing,
        styleSrc: self,
        imgSrc: self,
        formAction: self,
        baseUri: nothing,
        frameAncestors: nothing,
      },
    },
    // With no-referrer a browser says Origin: null for our own forms.
    referrerPolicy: { policy: 'same-origin' as const },
    // TLS ends at the gateway: whether there is any is for it to say.
    strictTransportSecurity: false,
  };
}

function limitRequests(app: FastifyInstance, limit: number): void {
  const inFlight = inFlightLimit(limit);
  app.addHook('onRequest', async (_request, reply) => {
    if (!inFlight.enter()) {
      const message = 'So many shoppers at once! Please try again in a moment.';
      throw new HttpProblem(503, 'The shop is full', message, { retryAfterSeconds: 2 });
    }
    reply.raw.once('close', inFlight.leave);
  });
}

function logRequests(app: FastifyInstance, { log }: Runtime): void {
  app.addHook('onResponse', async (request, reply) => {
    log.info(
      {
        method: request.method,
        // The pattern, and not the path: that may hold what a shopper typed.
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime * 100) / 100,
        requestId: request.id,
      },
      'request answered',
    );
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
  if (bannerColor !== undefined) {
    app.get(`${basePath}/static/banner.css`, async (_request, reply) => {
      await reply.type('text/css; charset=utf-8').send(`:root { --banner-color: ${bannerColor}; }\n`);
    });
  }
}

function serveHealth(app: FastifyInstance, { config, isReady }: AppOptions): void {
  const paths = new Set(['', config.basePath]);
  for (const path of paths) {
    app.get(`${path}/_healthz`, async (_request, reply) => {
      await reply
        .code(isReady() ? 200 : 503)
        .type('text/plain; charset=utf-8')
        .send(isReady() ? 'ok' : 'stopping');
    });
    app.get(`${path}/robots.txt`, async (_request, reply) => {
      await reply.type('text/plain; charset=utf-8').send('User-agent: *\nDisallow: /\n');
    });
  }
}

function readRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w-]{1,64}$/.test(header) ? header : undefined;
}
