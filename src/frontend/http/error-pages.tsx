import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isAbandoned } from '../../lib/http/on-request-end.ts';
import type { Logger } from '../../lib/log/logger.ts';
import type { LayoutOf } from '../layout-props.ts';
import { DEFAULT_CURRENCY } from '../page/offered-currencies.ts';
import { type HttpProblem, notFound, problemOf } from '../page/problem.ts';
import { ErrorPageView } from '../views/error-page.tsx';
import { renderDocument } from '../views/render-document.tsx';
import type { AppOptions } from './app-options.ts';
import { requestLines } from './log-lines.ts';

/** Responds to every error with an error page without a stack trace. Logs a failure of the server with its cause. */
export function handleErrors(
  app: FastifyInstance,
  { layoutOf, runtime }: Pick<AppOptions, 'layoutOf' | 'runtime'>,
): void {
  const show = async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const problem = problemOf(error);
    const requestId = request.id;
    // A disconnected client receives no page, and its cancelled calls are not failures.
    if (problem.status >= 500 && !isAbandoned(reply)) {
      logFailure(runtime.log, { requestId, status: problem.status, cause: problem.cause ?? problem });
    }
    if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(problem.retryAfterSeconds));
    await reply
      .code(problem.status)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(errorDocument(layoutOf, requestId, problem));
  };
  app.setErrorHandler(show);
  app.setNotFoundHandler(async (request, reply) => {
    await show(notFound('This page does not exist.'), request, reply);
  });
}

/** Logs a page that failed: an outage with the message of its cause, a bug with the stack of its cause. */
export function logFailure(log: Logger, failure: { requestId: string; status: number; cause: unknown }): void {
  const { requestId, status, cause } = failure;
  if (status === 500) {
    log.write(requestLines.pageFailed, { requestId, status, err: cause });
    return;
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  log.write(requestLines.pageUnavailable, { requestId, status, cause: message });
}

/** The error page. It makes no calls: a service it would call may be the one that failed. */
export function errorDocument(layoutOf: LayoutOf, requestId: string, problem: HttpProblem): string {
  const page = { status: problem.status, title: problem.title, message: problem.message };
  const layout = layoutOf({ requestId, currency: DEFAULT_CURRENCY });
  return renderDocument(<ErrorPageView layout={layout} page={page} />);
}
