import type { FastifyInstance } from 'fastify';
import type { InFlight } from '../net/in-flight.ts';
import { cannotListen, hostPort } from '../net/listen.ts';

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

/** Takes no new connections, lets the requests under way finish, within `drainMs`, and closes. */
export async function closeWell(app: FastifyInstance, inFlight: InFlight, drainMs: number): Promise<void> {
  app.server.close();
  const limit = setTimeout(() => app.server.closeAllConnections(), drainMs);
  await inFlight.idle();
  clearTimeout(limit);
  // What is open now has sent no whole request, such as the spare connection a browser opens: no reason to wait for it.
  app.server.closeAllConnections();
  await app.close();
}
