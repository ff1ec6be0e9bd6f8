import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from '../page/problem.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** What can be asked of a page or a file that is only looked at. */
export const LOOKED_AT: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Answers 405, and which methods there are, to those that a path does not have. */
export function refuseOtherMethods(app: FastifyInstance, url: string, allowed: ReadonlySet<string>): void {
  const refuse = async (_request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.header('allow', [...allowed].join(', '));
    throw new HttpProblem(405, 'Not that way', 'This page cannot be asked like that.');
  };
  // Refused before its body is read: what is in it does not matter.
  app.route({ method: METHODS.filter((method) => !allowed.has(method)), url, onRequest: refuse, handler: refuse });
}
