import type { IncomingHttpHeaders } from 'node:http';
import { HttpError } from './http-error.ts';

type SiteRequest = { readonly method: string; readonly host: string; readonly headers: IncomingHttpHeaders };

/**
 * Refuses a form that another site sent with the browser of a visitor. GET and HEAD change nothing and are not checked.
 *
 * @throws {HttpError} 403
 */
export function refuseCrossSite(request: SiteRequest): void {
  if (request.method !== 'POST') return;
  if (isCrossSite(request.headers, (origin) => isOwnUrl(request, origin))) {
    throw new HttpError(403, 'the form was sent from another site');
  }
}

/**
 * True when a page of another site caused the request. Browsers state that in Sec-Fetch-Site and Origin; a client that
 * sends neither is not a browser and carries no visitor's cookies.
 */
export function isCrossSite(headers: IncomingHttpHeaders, isOwnOrigin: (origin: string) => boolean): boolean {
  const { origin, 'sec-fetch-site': site = 'none' } = headers;
  return (site !== 'same-origin' && site !== 'none') || (origin !== undefined && !isOwnOrigin(origin));
}

/** True when a URL has the host and port that this request was sent to, over HTTP or HTTPS. */
export function isOwnUrl(request: Pick<SiteRequest, 'host'>, url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  // Behind a proxy that terminates TLS the scheme of the request is unknown: take that of the URL, which decides the default port.
  const own = `${protocol}//${request.host}`;
  return /^https?:$/.test(protocol) && URL.canParse(own) && new URL(own).host === host;
}
