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
 * The outcome of a page. The reason of a failure is `HTTP_<status>`, `TIMEOUT`, `REDIRECT_LOOP`, or the system's code
 * of a network error such as `ECONNREFUSED`. A page is abandoned when the client is closed before the response is
 * complete.
 */
export type Outcome =
  | { readonly kind: 'answered' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'abandoned' };

/** The outcome of a page, and the cookies after it. */
export type PageResult = {
  readonly outcome: Outcome;
  readonly jar: CookieJar;
  /** The span of the page. */
  readonly span?: SpanContext;
};

/** An HTTP client of the storefront. Closing it abandons the pages in flight. */
export type StorefrontClient = Disposable & {
  /** Requests one page with the shopper's cookies, and follows its redirects. */
  readonly visit: (page: Page, jar: CookieJar) => Promise<PageResult>;
  /** Whether the health check of the storefront succeeds. */
  readonly isHealthy: () => Promise<boolean>;
};

/** The address of a storefront, and the limits of its client. */
export type StorefrontOptions = {
  /** `host:port`. */
  readonly address: string;
  readonly userAgent: string;
  /** Limit of concurrent connections. */
  readonly maxConnections: number;
  /** Longest time for one page, redirects included, in milliseconds. */
  readonly pageTimeoutMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Starts one span per page. */
  readonly tracer: Tracer;
};

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const HEALTH_PATH = '/_healthz';
const HEALTH_TIMEOUT_MS = 2000;
// Shorter than the five seconds after which many servers close an idle connection, so no request uses a closing one.
const IDLE_CONNECTION_MS = 4000;

type Reply = { readonly status: number; readonly location: string | undefined; readonly setCookies: readonly string[] };

// Reasons for which a request is aborted.
const TIMED_OUT = 'timed out';
const CLOSED = 'closed';

/**
 * Opens a client of a storefront, with keep-alive connections that all shoppers share.
 *
 * It uses node:http because fetch needs more than twice the CPU time per page, which the shop would lack when
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

/** Requests a page and follows its redirects with GET, within the same origin only. */
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

/** Sends one request and reads the whole response. */
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
