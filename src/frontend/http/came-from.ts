import type { FastifyRequest } from 'fastify';
import { isOwnUrl } from './cross-site.ts';

const FORM_TARGETS: ReadonlySet<string> = new Set(['/cart/checkout', '/cart/empty', '/setCurrency']);

/**
 * The page of this shop that a Referer names, as a path below the base path, safe to redirect to; `undefined` when it is
 * elsewhere. A page that only a form leads to is no place to come back to: its cart is.
 */
export function cameFrom(
  request: Pick<FastifyRequest, 'host'>,
  referer: string | undefined,
  basePath: string,
): string | undefined {
  if (referer === undefined || !isOwnUrl(request, referer)) return undefined;
  const { pathname, search } = new URL(referer);
  if (pathname !== basePath && !pathname.startsWith(`${basePath}/`)) return undefined;
  const path = pathname.slice(basePath.length);
  // A second slash would make the redirect lead to another host.
  if (path === '' || path.startsWith('//')) return '/';
  return FORM_TARGETS.has(path) ? '/cart' : `${path}${search}`;
}
