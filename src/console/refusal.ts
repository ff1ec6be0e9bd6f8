import type { IncomingHttpHeaders } from 'node:http';
import { LOOPBACK } from '../lib/net/listen.ts';

/**
 * Says why a request is refused; `undefined` for one that is not. The console has no login: it is for who sits at this
 * machine, and not for a page of somebody else's that the same browser has open, nor for a name that such a page has
 * pointed here.
 *
 * @param port where the console listens
 */
export function refusalOf(method: string, headers: IncomingHttpHeaders, port: number | undefined): string | undefined {
  const urls = [LOOPBACK, 'localhost'].map((host) => new URL(`http://${host}:${port}`));
  // As URLs do, clients leave the port of http out.
  if (!urls.some(({ host }) => host === headers.host?.replace(/:80$/, '')))
    return `The console is at ${urls[0]} and has no other name.`;
  const { origin, 'sec-fetch-site': site = 'none', 'sec-fetch-mode': mode } = headers;
  const isLinkOfTheShop = site === 'same-site' && method === 'GET' && mode === 'navigate';
  const isOwn = origin === undefined || urls.some((url) => origin === url.origin);
  if (isOwn && (isLinkOfTheShop || site === 'none' || site === 'same-origin')) return undefined;
  return `The console answers to its own pages only, not to those of another site. To open it, type ${urls[0]} yourself.`;
}
