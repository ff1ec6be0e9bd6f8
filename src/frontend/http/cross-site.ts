import type { FastifyRequest } from 'fastify';
import { HttpProblem } from '../page/problem.ts';

/**
 * Refuses a form that another site sent in the shopper's name. A browser says where a form comes from in Sec-Fetch-Site
 * and Origin; a client that says neither is no browser, and carries no one else's cookies.
 *
 * @throws {HttpProblem} 403 when the form comes from elsewhere
 */
export function refuseCrossSite(request: Pick<FastifyRequest, 'method' | 'headers' | 'host'>): void {
  if (request.method !== 'POST') return;
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  const fromElsewhere =
    (site !== undefined && site !== 'same-origin' && site !== 'none') ||
    (origin !== undefined && !isOwnUrl(request, origin));
  if (fromElsewhere) {
    throw new HttpProblem(
      403,
      'Not allowed',
      'This form was sent from another site. Please use the one on our own pages.',
    );
  }
}

/** True when a URL leads to the host and port this request was sent to, over HTTP or HTTPS. */
export function isOwnUrl(request: Pick<FastifyRequest, 'host'>, url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  // TLS may end before us, so the scheme of the request is not known; each has a port that need not be written.
  const own = `${protocol}//${request.host}`;
  return /^https?:$/.test(protocol) && URL.canParse(own) && new URL(own).host === host;
}
