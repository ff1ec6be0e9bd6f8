import type { CallContext } from '../lib/grpc/call-context.ts';
import { PeerError } from '../lib/grpc/peer-error.ts';
import type { FrontendEvents, PagePart } from './events.ts';
import type { RequestContext } from './page/request-context.ts';

/** The longest a page waits for what it can do without, in milliseconds. */
export const OPTIONAL_BUDGET_MS = 600;

/** Loads a part that a page can do without: `undefined` when it is not to be had in time. */
export type OptionalPart = <T>(
  context: RequestContext,
  part: PagePart,
  load: (call: CallContext) => Promise<T>,
) => Promise<T | undefined>;

/** Makes the loader. Whatever a peer does wrong there leaves the page standing; a bug of our own does not pass as such. */
export function optionalPart(events: Pick<FrontendEvents, 'partLeftOut'>): OptionalPart {
  return async (context, part, load) => {
    const deadlineMs = Math.min(context.call.deadlineMs, Date.now() + OPTIONAL_BUDGET_MS);
    try {
      return await load({ ...context.call, deadlineMs });
    } catch (error) {
      // A page that nobody waits for any more ends here: there is nothing to leave out, and nothing to report.
      if (!(error instanceof PeerError) || context.call.signal.aborted) throw error;
      events.partLeftOut({ part, requestId: context.call.requestId, cause: error.message });
      return undefined;
    }
  };
}
