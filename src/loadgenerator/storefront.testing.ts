import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

/** A request as the server received it. */
export type SeenRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** From `performance.now()`. */
  readonly atMs: number;
};

/** An HTTP server on loopback that records the requests it receives. */
export type TestStorefront = AsyncDisposable & {
  /** `host:port`. */
  readonly address: string;
  readonly seen: readonly SeenRequest[];
};

/** Starts a server for tests. */
export async function startTestStorefront(
  respond: (request: SeenRequest, response: ServerResponse) => void,
  port = 0,
): Promise<TestStorefront> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const atMs = performance.now();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const arrived = { method, path, headers, body: Buffer.concat(chunks).toString(), atMs };
      seen.push(arrived);
      respond(arrived, response);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return {
    address: `127.0.0.1:${bound.port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Responds like the storefront: a session cookie for a new shopper, a redirect for POST, a page for GET. */
export function respondAsShop(request: SeenRequest, response: ServerResponse): void {
  const redirectTargets: Readonly<Record<string, string>> = {
    '/cart': '/cart',
    '/setCurrency': '/',
    '/cart/checkout': '/order/1',
  };
  const cookies = request.headers.cookie === undefined ? ['shop_session-id=abc; Path=/; Max-Age=172800; HttpOnly'] : [];
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  if (request.method === 'POST') response.writeHead(303, { location: redirectTargets[request.path] ?? '/' }).end();
  else response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>shop</title>');
}
