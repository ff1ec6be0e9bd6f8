import type { CallContext } from '../lib/grpc/call-context.ts';
import { UpstreamError } from '../lib/grpc/upstream-error.ts';
import type { FrontendEvents, PagePart } from './events.ts';
import type { RequestContext } from './page/request-context.ts';

/** Loads a part that a page can be shown without; resolves to `undefined` when it is unavailable or late. */
export type OptionalPart = <T>(
  context: RequestContext,
  part: PagePart,
  load: (call: CallContext) => Promise<T>,
) => Promise<T | undefined>;

/**
 * Makes the loader. It accepts every failure of an upstream and reports it; any other error is a bug and is thrown.
 *
 * @param budgetMs the longest that a page waits for a part, within its own deadline
 */
export function optionalPart(events: Pick<FrontendEvents, 'pagePartDegraded'>, budgetMs: number): OptionalPart {
  return async (context, part, load) => {
    const deadlineMs = Math.min(context.call.deadlineMs, Date.now() + budgetMs);
    try {
      return await load({ ...context.call, deadlineMs });
    } catch (error) {
      // A page whose client has disconnected is not shown at all, so nothing is degraded.
      if (!(error instanceof UpstreamError) || context.call.signal.aborted) throw error;
      events.pagePartDegraded({ part, requestId: context.call.requestId, cause: error.message });
      return undefined;
    }
  };
}
