import { trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { beginCall } from '../../lib/grpc/call-context.ts';
import { isAbandoned, onRequestEnd } from '../../lib/http/on-request-end.ts';
import { refuseOtherMethods } from '../../lib/http/other-methods.ts';
import { attribute } from '../../lib/telemetry/attributes.ts';
import type { Form } from '../page/forms.ts';
import type { CookieChange, PageResponse } from '../page/response.ts';
import type { Route } from '../page/route.ts';
import type { AppOptions } from './app-options.ts';
import { logFailure } from './error-pages.tsx';
import { safeReferer } from './safe-referer.ts';
import {
  endSession,
  keepCurrency,
  keepSession,
  readSession,
  rememberOpenOrder,
  rememberRejectedKey,
} from './session.ts';

const EMPTY_FORM: Form = new Map();

/** Registers the pages, and a 405 for the other methods of each path. */
export function servePages(app: FastifyInstance, options: AppOptions): void {
  const { basePath } = options.config;
  const allowed = new Map<string, Set<string>>();
  for (const route of options.routes) {
    for (const url of urlsOf(basePath, route.path)) {
      app.route({ method: route.method, url, handler: (request, reply) => handle(options, route, request, reply) });
      const methods = allowed.get(url) ?? new Set();
      methods.add(route.method);
      if (route.method === 'GET') methods.add('HEAD');
      allowed.set(url, methods);
    }
  }
  for (const [url, methods] of allowed) refuseOtherMethods(app, url, methods);
}

function urlsOf(basePath: string, path: string): string[] {
  return path === '/' && basePath !== '' ? [basePath, `${basePath}/`] : [`${basePath}${path}`];
}

async function handle(options: AppOptions, route: Route, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { config, runtime } = options;
  const { userId, currency, refusedKey, openOrder } = readSession(request, {
    singleSharedSession: config.singleSharedSession,
    newId: runtime.newId,
  });
  const call = beginCall({ budgetMs: route.budgetMs, requestId: request.id });
  trace.getActiveSpan()?.setAttribute(attribute.deadlineRemainingMs, route.budgetMs);
  // A client that disconnects cancels the calls for its page, down to the last hop.
  onRequestEnd(reply, call[Symbol.dispose]);
  try {
    keepSession(request, reply, userId);
    const result = await route.page({
      context: { userId, currency, call },
      params: request.params as Record<string, string>,
      query: queryOf(request.url),
      form: request.body instanceof Map ? (request.body as Form) : EMPTY_FORM,
      safeReferer: safeReferer(request, request.headers.referer, config.basePath),
      refusedKey,
      openOrder,
    });
    if (result.kind === 'page' && result.cause !== undefined && !isAbandoned(reply)) {
      logFailure(runtime.log, { requestId: request.id, status: result.status, cause: result.cause });
    }
    await send(result, { request, reply, basePath: config.basePath });
  } finally {
    call[Symbol.dispose]();
  }
}

function queryOf(url: string): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
}

async function send(
  result: PageResponse,
  to: { request: FastifyRequest; reply: FastifyReply; basePath: string },
): Promise<void> {
  const { request, reply, basePath } = to;
  reply.header('cache-control', 'no-store');
  if (result.kind === 'json') {
    await reply.code(result.status).send(result.body);
    return;
  }
  if (result.cookies !== undefined) changeCookies(request, reply, result.cookies);
  if (result.kind === 'redirect') {
    await reply.redirect(`${basePath}${result.to}`, result.status);
    return;
  }
  if (result.refreshSeconds !== undefined) {
    const target = result.refreshTo === undefined ? '' : `; url=${basePath}${result.refreshTo}`;
    reply.header('refresh', `${result.refreshSeconds}${target}`);
  }
  if (result.retryAfterSeconds !== undefined) reply.header('retry-after', String(result.retryAfterSeconds));
  await reply.code(result.status).type('text/html; charset=utf-8').send(result.html);
}

function changeCookies(request: FastifyRequest, reply: FastifyReply, change: CookieChange): void {
  if (change === 'end-session') endSession(request, reply);
  else if ('currency' in change) keepCurrency(request, reply, change.currency);
  else if ('openOrder' in change) rememberOpenOrder(request, reply, change.openOrder);
  else rememberRejectedKey(request, reply, change.refusedKey);
}
