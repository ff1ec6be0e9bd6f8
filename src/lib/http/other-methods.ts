import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from './http-error.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** The methods of a resource that is read only. */
export const GET_HEAD: readonly string[] = ['GET', 'HEAD'];

/** Returns 405 with an Allow header for every method that a path does not support. */
export function refuseOtherMethods(app: FastifyInstance, url: string, allowed: Iterable<string>): void {
  const supported = new Set(allowed);
  const refuse = async (_request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.header('allow', [...supported].join(', '));
    throw new HttpError(405, 'this path does not support the method');
  };
  // Refused before the body is read: its content does not matter.
  app.route({ method: METHODS.filter((method) => !supported.has(method)), url, onRequest: refuse, handler: refuse });
}
