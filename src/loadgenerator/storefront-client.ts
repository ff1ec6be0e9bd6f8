import { Agent, type OutgoingHttpHeaders, request } from 'node:http';
import { context, type SpanContext, SpanKind, type Tracer } from '@opentelemetry/api';
import { appAttribute } from '../domain/attributes.ts';
import { attribute } from '../lib/telemetry/attributes.ts';
import { inSpan, markFailed } from '../lib/telemetry/in-span.ts';
import { injectTrace } from '../lib/telemetry/propagation.ts';
import { declareSpan } from '../lib/telemetry/span-declaration.ts';
import type { Page } from './actions.ts';
import { type CookieJar, cookieHeader, storeCookies } from './jar.ts';

/**
 * How a page went. The reason of a failure is `HTTP_<status>`, `TIMEOUT`, `REDIRECT_LOOP`, or the system's code of a
 * network error such as `ECONNREFUSED`. A page is abandoned when the client is closed before it is answered.
 */
export type Outcome =
  | { readonly kind: 'answered' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'abandoned' };

/** What became of a page, and the cookies as they are afterwards. */
export type Visit = {
  readonly outcome: Outcome;
  readonly jar: CookieJar;
  /** The span of the page. */
  readonly span?: SpanContext;
};

/** The storefront as a shopper's browser reaches it. Closing it abandons the pages in flight. */
export type StorefrontClient = Disposable & {
  /** Asks for one page, redirects included, with the shopper's cookies. */
  readonly visit: (page: Page, jar: CookieJar) => Promise<Visit>;
  /** Whether the storefront says that it is healthy. */
  readonly isHealthy: () => Promise<boolean>;
};

/** How a storefront is reached, and within which limits. */
export type StorefrontOptions = {
  /** `host:port`. */
  readonly address: string;
  readonly userAgent: string;
  /** Most connections at once. */
  readonly maxConnections: number;
  /** Longest time for one page, redirects included, in milliseconds. */
  readonly pageTimeoutMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Makes one span of each page. */
  readonly tracer: Tracer;
};

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const HEALTH_PATH = '/_healthz';
const HEALTH_TIMEOUT_MS = 2000;
// Shorter than the five seconds after which many a server closes an idle connection: no request meets a closing one.
const IDLE_CONNECTION_MS = 4000;

type Reply = { readonly status: number; readonly location: string | undefined; readonly setCookies: readonly string[] };

// Why a request was given up.
const TIMED_OUT = 'timed out';
const CLOSED = 'closed';

/**
 * Opens the way to a storefront: kept-alive connections, shared by all shoppers.
 *
 * It is built on node:http because fetch costs more than twice the CPU a page, which would be taken from the shop where
 * both run on one machine.
 */
export function openStorefront(options: StorefrontOptions): StorefrontClient {
  const agent = new Agent({ keepAlive: true, maxSockets: options.maxConnections, timeout: IDLE_CONNECTION_MS });
  const running = new Set<AbortController>();
  const origin = new URL(`http://${options.address}`);
  const headers = { 'user-agent': options.userAgent, accept: 'text/html' };

  const within = async <T>(limitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T | Outcome> => {
    const controller = new AbortController();
    running.add(controller);
    const timer = setTimeout(() => controller.abort(TIMED_OUT), limitMs);
    try {
      return await work(controller.signal);
    } catch (error) {
      return failureOf(error, controller.signal);
    } finally {
      clearTimeout(timer);
      running.delete(controller);
    }
  };

  return {
    visit: async (page, jar) => {
      let cookies = jar;
      const exchangeWithCookies = async (url: URL, form: Page['form'], signal: AbortSignal): Promise<Reply> => {
        const cookie = cookieHeader(cookies, { path: url.pathname, nowMs: options.now() });
        const sent: OutgoingHttpHeaders = cookie === undefined ? { ...headers } : { ...headers, cookie };
        injectTrace(context.active(), (name, value) => {
          sent[name] = value;
        });
        const reply = await exchange({ agent, url, form, headers: sent, signal });
        cookies = storeCookies(cookies, reply.setCookies, { path: url.pathname, nowMs: options.now() });
        return reply;
      };
      return await inSpan(options.tracer, spanOf(page, origin), async (span) => {
        const visited = await within(options.pageTimeoutMs, (signal) =>
          follow({ url: new URL(page.path, origin), form: page.form }, (url, form) =>
            exchangeWithCookies(url, form, signal),
          ),
        );
        if (visited.kind === 'failed') markFailed(span, visited.reason);
        return { outcome: visited, jar: cookies, span: span.spanContext() };
      });
    },
    isHealthy: async () => {
      const url = new URL(HEALTH_PATH, origin);
      const reply = await within(HEALTH_TIMEOUT_MS, (signal) =>
        exchange({ agent, url, form: undefined, headers, signal }),
      );
      return 'status' in reply && reply.status === 200;
    },
    [Symbol.dispose]: () => {
      for (const controller of running) controller.abort(CLOSED);
      agent.destroy();
    },
  };
}

/** A page that the load generator requested, redirects included. */
export const loadPageSpan = declareSpan({
  title: 'load page',
  names: ['<method> <page>'],
  kind: SpanKind.CLIENT,
  attributes: [
    { name: appAttribute.page, about: 'the page as the report names it, such as `index`' },
    { name: attribute.httpMethod, about: 'such as `GET` and `POST`' },
    { name: attribute.urlScheme, values: ['http'] },
    { name: attribute.serverAddress, about: 'the host of the storefront' },
  ],
});

function spanOf(page: Page, origin: URL) {
  const attributes = {
    [appAttribute.page]: page.name,
    [attribute.httpMethod]: methodOf(page.form),
    [attribute.urlScheme]: 'http',
    [attribute.serverAddress]: origin.hostname,
  };
  return { name: `${methodOf(page.form)} ${page.name}`, kind: loadPageSpan.kind, attributes };
}

function methodOf(form: Page['form']): 'GET' | 'POST' {
  return form === undefined ? 'GET' : 'POST';
}

/** Asks, and goes where the answer sends us: with GET, and never to another origin. */
async function follow(
  start: { url: URL; form: Page['form'] },
  exchangeOne: (url: URL, form: Page['form']) => Promise<Reply>,
): Promise<Outcome> {
  let { url, form } = start;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const reply = await exchangeOne(url, form);
    if (reply.status >= 400) return { kind: 'failed', reason: `HTTP_${reply.status}` };
    if (!REDIRECTS.has(reply.status) || reply.location === undefined) return { kind: 'answered' };
    const next = new URL(reply.location, url);
    if (next.origin !== url.origin) return { kind: 'answered' };
    url = next;
    form = undefined;
  }
  return { kind: 'failed', reason: 'REDIRECT_LOOP' };
}

/** One request and its answer, read to the end. */
async function exchange(options: {
  agent: Agent;
  url: URL;
  form: Page['form'];
  headers: OutgoingHttpHeaders;
  signal: AbortSignal;
}): Promise<Reply> {
  const { agent, url, signal } = options;
  const body = options.form === undefined ? undefined : new URLSearchParams(options.form).toString();
  const headers =
    body === undefined
      ? options.headers
      : {
          ...options.headers,
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': Buffer.byteLength(body),
        };
  const method = methodOf(options.form);
  return await new Promise<Reply>((resolve, reject) => {
    const outgoing = request(url, { agent, method, headers, signal }, (response) => {
      response.on('error', reject);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          location: response.headers.location,
          setCookies: response.headers['set-cookie'] ?? [],
        });
      });
      response.resume();
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function failureOf(error: unknown, signal: AbortSignal): Outcome {
  if (signal.reason === CLOSED) return { kind: 'abandoned' };
  if (signal.reason === TIMED_OUT) return { kind: 'failed', reason: 'TIMEOUT' };
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return { kind: 'failed', reason: /^[A-Z][A-Z0-9_]*$/.test(code) ? code : 'NETWORK' };
}
