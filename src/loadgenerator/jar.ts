/** One cookie of the storefront. */
export type Cookie = {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** Milliseconds since 1970; `undefined` for a session cookie. */
  readonly expiresAtMs: number | undefined;
};

/** The cookies of one shopper of one storefront. Immutable: storing returns a new jar. */
export type CookieJar = readonly Cookie[];

/**
 * Stores the cookies of a response: a cookie of the same name and path is replaced, an expired one is dropped.
 * A `Secure` cookie is not stored, because shoppers use plain HTTP. `Domain` is ignored, because there is one host.
 * Source: RFC 6265, sections 5.2 and 5.3.
 *
 * @param setCookies values of the Set-Cookie headers
 * @param request.path path of the request, without query
 */
export function storeCookies(
  jar: CookieJar,
  setCookies: readonly string[],
  request: { readonly path: string; readonly nowMs: number },
): CookieJar {
  let kept = jar;
  for (const header of setCookies) {
    const cookie = readSetCookie(header, request);
    if (cookie === undefined) continue;
    kept = [...kept.filter(({ name, path }) => name !== cookie.name || path !== cookie.path), cookie];
  }
  return kept.filter((cookie) => isAlive(cookie, request.nowMs));
}

/** The Cookie header of a request, the longest paths first; `undefined` when no cookie matches the request. */
export function cookieHeader(
  jar: CookieJar,
  request: { readonly path: string; readonly nowMs: number },
): string | undefined {
  const sent = jar
    .filter((cookie) => isAlive(cookie, request.nowMs) && pathMatches(request.path, cookie.path))
    .sort((one, other) => other.path.length - one.path.length);
  return sent.length === 0 ? undefined : sent.map(({ name, value }) => `${name}=${value}`).join('; ');
}

function isAlive(cookie: Cookie, nowMs: number): boolean {
  return cookie.expiresAtMs === undefined || cookie.expiresAtMs > nowMs;
}

function readSetCookie(header: string, request: { path: string; nowMs: number }): Cookie | undefined {
  const [pair = '', ...rest] = header.split(';');
  const equals = pair.indexOf('=');
  const name = pair.slice(0, Math.max(equals, 0)).trim();
  if (name === '') return undefined;
  const attributes = new Map(rest.map(readAttribute));
  if (attributes.has('secure')) return undefined;
  const path = attributes.get('path');
  return {
    name,
    value: pair.slice(equals + 1).trim(),
    path: path?.startsWith('/') ? path : defaultPath(request.path),
    expiresAtMs: expiry(attributes, request.nowMs),
  };
}

function readAttribute(text: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  return equals === -1
    ? [text.trim().toLowerCase(), '']
    : [text.slice(0, equals).trim().toLowerCase(), text.slice(equals + 1).trim()];
}

// Max-Age takes precedence over Expires; a malformed attribute is ignored.
function expiry(attributes: ReadonlyMap<string, string>, nowMs: number): number | undefined {
  const maxAge = attributes.get('max-age') ?? '';
  if (/^-?\d+$/.test(maxAge)) return nowMs + Number(maxAge) * 1000;
  const expiresAtMs = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(expiresAtMs) ? undefined : expiresAtMs;
}

// Source: RFC 6265, section 5.1.4.
function defaultPath(requestPath: string): string {
  const lastSlash = requestPath.lastIndexOf('/');
  return lastSlash <= 0 ? '/' : requestPath.slice(0, lastSlash);
}

function pathMatches(requestPath: string, cookiePath: string): boolean {
  if (!requestPath.startsWith(cookiePath)) return false;
  return requestPath.length === cookiePath.length || cookiePath.endsWith('/') || requestPath[cookiePath.length] === '/';
}
