import type { FastifyRequest } from 'fastify';
import { HttpProblem } from './problem.ts';

/**
 * Refuses a form that another site sent in the shopper's name. A browser says where a form comes from in Sec-Fetch-Site
 * and Origin; a client that says neither is no browser, and carries no one else's cookies.
 *
 * @throws {HttpProblem} 403 when the form comes from elsewhere
 */
export function refuseCrossSite(request: FastifyRequest): void {
  if (request.method !== 'POST') return;
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  const fromElsewhere =
    (site !== undefined && site !== 'same-origin' && site !== 'none') || !isOwnOrigin(request, origin);
  if (fromElsewhere) {
    throw new HttpProblem(
      403,
      'Not allowed',
      'This form was sent from another site. Please use the one on our own pages.',
    );
  }
}

/** True when a URL leads to the host this request was sent to. */
export function isOwnUrl(request: FastifyRequest, url: string): boolean {
  return URL.canParse(url) && new URL(url).host === request.host;
}

function isOwnOrigin(request: FastifyRequest, origin: string | undefined): boolean {
  return origin === undefined || isOwnUrl(request, origin);
}
