import type { FastifyReply, FastifyRequest } from 'fastify';
import { DEFAULT_CURRENCY, isOffered } from '../visit.ts';

/** Cookie that names the shopper. */
export const SESSION_COOKIE = 'shop_session-id';

/** Cookie that holds the chosen currency. */
export const CURRENCY_COOKIE = 'shop_currency';

/** The session that all visitors share when a single shared session is asked for. */
export const SHARED_SESSION_ID = '12345678-1234-1234-1234-123456789123';

const MAX_AGE_SECONDS = 48 * 3600;
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const FIXED_IDS: ReadonlySet<string> = new Set(['x-readiness-probe', 'x-liveness-probe', SHARED_SESSION_ID]);

/** Who asks, from the cookies; somebody new when they name nobody we could have made. */
export function readSession(
  request: FastifyRequest,
  options: { singleSharedSession: boolean; newId: () => string },
): { readonly userId: string; readonly currency: string } {
  const currency = request.cookies[CURRENCY_COOKIE];
  return {
    userId: options.singleSharedSession ? SHARED_SESSION_ID : readUserId(request, options.newId),
    currency: currency !== undefined && isOffered(currency) ? currency : DEFAULT_CURRENCY,
  };
}

function readUserId(request: FastifyRequest, newId: () => string): string {
  const id = request.cookies[SESSION_COOKIE];
  return id !== undefined && (UUID_V4.test(id) || FIXED_IDS.has(id)) ? id : newId();
}

/** Sends the session along with the answer; it lasts 48 hours from now. */
export function keepSession(request: FastifyRequest, reply: FastifyReply, userId: string): void {
  setCookie(request, reply, { name: SESSION_COOKIE, value: userId, maxAge: MAX_AGE_SECONDS });
}

/** Sends the chosen currency along with the answer; it lasts 48 hours from now. */
export function keepCurrency(request: FastifyRequest, reply: FastifyReply, currency: string): void {
  setCookie(request, reply, { name: CURRENCY_COOKIE, value: currency, maxAge: MAX_AGE_SECONDS });
}

/** Makes the browser forget session and currency. */
export function endSession(request: FastifyRequest, reply: FastifyReply): void {
  setCookie(request, reply, { name: SESSION_COOKIE, value: '', maxAge: 0 });
  setCookie(request, reply, { name: CURRENCY_COOKIE, value: '', maxAge: 0 });
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
    secure: request.headers['x-forwarded-proto'] === 'https',
    maxAge: cookie.maxAge,
  });
}
