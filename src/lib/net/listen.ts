import { once } from 'node:events';
import { createServer } from 'node:net';
import { getSystemErrorMap } from 'node:util';
import { type Server, ServerCredentials } from '@grpc/grpc-js';

/**
 * Binds a gRPC server and returns its port.
 *
 * @param config.port 0 lets the system choose one
 * @throws {Error} `cannot listen on <address>: <why>`, with the system's error as its cause
 */
export async function listen(server: Server, config: { host: string; port: number }): Promise<number> {
  const address = hostPort(config.host, config.port);
  try {
    await requireBindable(config);
    return await bind(server, address);
  } catch (cause) {
    throw cannotListen(address, cause);
  }
}

/**
 * The error of an address that cannot be bound: `cannot listen on <address>: <why>`, with the system's error as its cause.
 *
 * @param advice how to resolve the failure, when that is not obvious
 */
export function cannotListen(address: string, cause: unknown, advice?: string): Error {
  const problem = `cannot listen on ${address}: ${reasonOf(cause)}`;
  return new Error(advice === undefined ? problem : `${problem}: ${advice}`, { cause });
}

/** `host:port`, with brackets around an IPv6 address. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

// grpc-js hides the system's error and prints a line to stderr, so bind the address with node:net first.
async function requireBindable(config: { host: string; port: number }): Promise<void> {
  const probe = createServer((socket) => socket.destroy());
  probe.listen({ host: config.host, port: config.port });
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}

async function bind(server: Server, address: string): Promise<number> {
  return await new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}

function reasonOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return String(cause);
  const known = 'errno' in cause ? getSystemErrorMap().get(Number(cause.errno)) : undefined;
  return known?.[1] ?? ('message' in cause ? String(cause.message) : 'unknown reason');
}

/** IPv4 loopback. */
export const LOOPBACK = '127.0.0.1';
