import type { FastifyInstance } from 'fastify';
import type { InFlight } from '../../lib/grpc/in-flight.ts';
import { cannotListen, hostPort } from '../../lib/grpc/listen.ts';

/** Requests under way get this long to finish at the end, in milliseconds: less than the process gets. */
const DRAIN_LIMIT_MS = 9000;

/**
 * Binds the server and answers its port.
 *
 * @throws {Error} `cannot listen on <address>: <why>`, with the system's error as its cause
 */
export async function listenAt(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    throw cannotListen(hostPort(host, port), cause);
  }
  const bound = app.server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : port;
}

/** Takes no new connections, lets the requests under way finish, within their limit, and closes. */
export async function closeWell(app: FastifyInstance, inFlight: InFlight): Promise<void> {
  app.server.close();
  const limit = setTimeout(() => app.server.closeAllConnections(), DRAIN_LIMIT_MS);
  await inFlight.idle();
  clearTimeout(limit);
  // What is open now has sent no whole request, such as the spare connection a browser opens: no reason to wait for it.
  app.server.closeAllConnections();
  await app.close();
}
