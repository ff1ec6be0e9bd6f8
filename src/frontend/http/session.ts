import type { FastifyReply, FastifyRequest } from 'fastify';
import { DEFAULT_CURRENCY, isOffered } from '../page/offered-currencies.ts';
import type { OpenOrder } from '../page/response.ts';

/** Cookie that names the shopper. */
export const SESSION_COOKIE = 'shop_session-id';

/** Cookie that holds the chosen currency. */
export const CURRENCY_COOKIE = 'shop_currency';

/** Cookie that holds the key of the last order that was refused. */
export const REFUSED_COOKIE = 'shop_refused-order';

/** Cookie that holds the last order that was still in progress when it was placed. */
export const OPEN_ORDER_COOKIE = 'shop_open-order';

/** The session of all visitors when ENABLE_SINGLE_SHARED_SESSION is set. */
export const SHARED_SESSION_ID = '12345678-1234-1234-1234-123456789123';

const MAX_AGE_SECONDS = 48 * 3600;
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const FIXED_IDS: ReadonlySet<string> = new Set(['x-readiness-probe', 'x-liveness-probe', SHARED_SESSION_ID]);

/** Reads the cookies. A session id that this shop cannot have created is replaced by a new one. */
export function readSession(
  request: Pick<FastifyRequest, 'cookies'>,
  options: { singleSharedSession: boolean; newId: () => string },
): {
  readonly userId: string;
  readonly currency: string;
  readonly refusedKey: string | undefined;
  readonly openOrder: OpenOrder | undefined;
} {
  const currency = request.cookies[CURRENCY_COOKIE];
  return {
    userId: options.singleSharedSession ? SHARED_SESSION_ID : readUserId(request, options.newId),
    currency: currency !== undefined && isOffered(currency) ? currency : DEFAULT_CURRENCY,
    refusedKey: request.cookies[REFUSED_COOKIE],
    openOrder: readOpenOrder(request.cookies[OPEN_ORDER_COOKIE]),
  };
}

function readUserId(request: Pick<FastifyRequest, 'cookies'>, newId: () => string): string {
  const id = request.cookies[SESSION_COOKIE];
  return id !== undefined && (UUID_V4.test(id) || FIXED_IDS.has(id)) ? id : newId();
}

/** Sets the session cookie for 48 hours. */
export function keepSession(request: FastifyRequest, reply: FastifyReply, userId: string): void {
  setCookie(request, reply, { name: SESSION_COOKIE, value: userId, maxAge: MAX_AGE_SECONDS });
}

/** Sets the currency cookie for 48 hours. */
export function keepCurrency(request: FastifyRequest, reply: FastifyReply, currency: string): void {
  setCookie(request, reply, { name: CURRENCY_COOKIE, value: currency, maxAge: MAX_AGE_SECONDS });
}

/** Remembers the key of the order that was refused, for the form of the next attempt. */
export function rememberRejectedKey(request: FastifyRequest, reply: FastifyReply, key: string): void {
  setCookie(request, reply, { name: REFUSED_COOKIE, value: key, maxAge: MAX_AGE_SECONDS });
}

/** Remembers an order that may still be rejected, and its key, for the next click. */
export function rememberOpenOrder(request: FastifyRequest, reply: FastifyReply, { orderId, key }: OpenOrder): void {
  setCookie(request, reply, { name: OPEN_ORDER_COOKIE, value: `${key}|${orderId}`, maxAge: MAX_AGE_SECONDS });
}

function readOpenOrder(cookie: string | undefined): OpenOrder | undefined {
  const bar = cookie?.indexOf('|') ?? -1;
  return cookie === undefined || bar < 0 ? undefined : { key: cookie.slice(0, bar), orderId: cookie.slice(bar + 1) };
}

/** Clears all cookies of the shop. */
export function endSession(request: FastifyRequest, reply: FastifyReply): void {
  for (const name of [SESSION_COOKIE, CURRENCY_COOKIE, REFUSED_COOKIE, OPEN_ORDER_COOKIE]) {
    setCookie(request, reply, { name, value: '', maxAge: 0 });
  }
}

function setCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  cookie: { name: string; value: string; maxAge: number },
): void {
  reply.setCookie(cookie.name, cookie.value, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: isHttps(request),
    maxAge: cookie.maxAge,
  });
}

// The first entry is the protocol between the browser and the outermost proxy.
function isHttps({ headers }: FastifyRequest): boolean {
  const forwarded = headers['x-forwarded-proto'];
  const [first] = Array.isArray(forwarded) ? forwarded : (forwarded ?? '').split(',');
  return first?.trim().toLowerCase() === 'https';
}
