import type { FastifyRequest } from 'fastify';
import { isOwnUrl } from '../../lib/http/cross-site.ts';

const FORM_TARGETS: ReadonlySet<string> = new Set(['/cart/checkout', '/cart/empty', '/setCurrency']);

/**
 * The path of a Referer below the base path, safe to redirect to; `undefined` when it is not on this site. A path that
 * accepts only POST is replaced by the cart.
 */
export function safeReferer(
  request: Pick<FastifyRequest, 'host'>,
  referer: string | undefined,
  basePath: string,
): string | undefined {
  if (referer === undefined || !isOwnUrl(request, referer)) return undefined;
  const { pathname, search } = new URL(referer);
  if (pathname !== basePath && !pathname.startsWith(`${basePath}/`)) return undefined;
  const path = pathname.slice(basePath.length);
  // Browsers interpret a Location that begins with two slashes as another host.
  if (path === '' || path.startsWith('//')) return '/';
  return FORM_TARGETS.has(path) ? '/cart' : `${path}${search}`;
}
