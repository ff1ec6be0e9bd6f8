import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ErrorPageView } from '../views/error-page.tsx';
import { renderDocument } from '../views/render-document.tsx';
import { DEFAULT_CURRENCY } from '../visit.ts';
import type { AppOptions } from './app-options.ts';
import { notFound, problemOf } from './problem.ts';
import { isAbandoned } from './when-over.ts';

/** Makes every failure a page with a request id, and never a stack. What is our fault is logged with its cause. */
export function handleErrors(app: FastifyInstance, { frame, runtime }: Pick<AppOptions, 'frame' | 'runtime'>): void {
  const show = async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const problem = problemOf(error);
    const requestId = request.id;
    // Who left does not see the page, and what was cancelled for it is no failure.
    if (problem.status >= 500 && !isAbandoned(reply)) {
      const level = problem.status === 500 ? 'error' : 'warn';
      runtime.log[level]({ requestId, status: problem.status, err: problem.cause ?? problem }, 'page failed');
    }
    if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(problem.retryAfterSeconds));
    // An error page asks nobody for anything: what failed may be what it would ask.
    const call = { requestId, deadlineMs: 0, signal: AbortSignal.abort() };
    const surroundings = frame({ userId: '', currency: DEFAULT_CURRENCY, call }, {});
    const page = { status: problem.status, title: problem.title, message: problem.message };
    await reply
      .code(problem.status)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(renderDocument(<ErrorPageView frame={surroundings} page={page} />));
  };
  app.setErrorHandler(show);
  app.setNotFoundHandler(async (request, reply) => {
    await show(notFound('There is no such page.'), request, reply);
  });
}
