import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { InFlight } from '../net/in-flight.ts';
import { cannotListen, hostPort } from '../net/listen.ts';

type Address = { readonly host: string; readonly port: number };

/**
 * Binds a server of Fastify.
 *
 * @returns the bound port
 * @throws {Error} `cannot listen on <address>: <why>`, with the system's error as its cause
 */
export async function listenAt(app: FastifyInstance, { host, port }: Address): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    throw cannotListen(hostPort(host, port), cause);
  }
  return (app.server.address() as AddressInfo).port;
}

/**
 * Binds a server of Node.
 *
 * @returns the bound port
 * @param advice how to resolve a failure, appended to its message
 * @throws {Error} `cannot listen on <address>: <why>: <advice>`, with the system's error as its cause
 */
export async function listenWith(server: Server, { host, port }: Address, advice: string): Promise<number> {
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (cause) {
    throw cannotListen(hostPort(host, port), cause, advice);
  }
  return (server.address() as AddressInfo).port;
}

/** Stops accepting connections, waits up to `drainMs` for the requests in flight, and closes. */
export async function closeGracefully(app: FastifyInstance, inFlight: InFlight, drainMs: number): Promise<void> {
  app.server.close();
  const limit = setTimeout(() => app.server.closeAllConnections(), drainMs);
  await inFlight.idle();
  clearTimeout(limit);
  // The remaining connections carry no complete request, such as the spare connection that a browser opens.
  app.server.closeAllConnections();
  await app.close();
}
