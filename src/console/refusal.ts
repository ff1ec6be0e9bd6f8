import type { IncomingHttpHeaders } from 'node:http';
import { isCrossSite } from '../lib/http/cross-site.ts';
import { LOOPBACK } from '../lib/net/listen.ts';

/**
 * Returns why a request is refused, or `undefined` when it is not. The console has no login, so it serves only a browser
 * on this machine: not a page of another site in the same browser (cross-site request), and not a foreign host name that
 * resolves to this machine (DNS rebinding).
 *
 * @param port the port of the console
 */
export function refusalOf(method: string, headers: IncomingHttpHeaders, port: number | undefined): string | undefined {
  const urls = [LOOPBACK, 'localhost'].map((host) => new URL(`http://${host}:${port}`));
  // Clients omit the default port of http.
  if (!urls.some(({ host }) => host === headers.host?.replace(/:80$/, '')))
    return `The console is at ${urls[0]} and has no other name.`;
  const { origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers;
  // The shop is another port of the same host, which browsers call the same site.
  const isLinkOfTheShop = origin === undefined && site === 'same-site' && method === 'GET' && mode === 'navigate';
  if (isLinkOfTheShop || !isCrossSite(headers, (own) => urls.some((url) => own === url.origin))) return undefined;
  return `The console answers to its own pages only, not to those of another site. To open it, type ${urls[0]} yourself.`;
}
