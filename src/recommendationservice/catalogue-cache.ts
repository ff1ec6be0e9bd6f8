import { DomainError } from '../lib/errors.ts';
import { beginCall, type CallContext } from '../lib/grpc/call-context.ts';
import type { Logger } from '../lib/log/logger.ts';
import { resultOrDefault } from '../lib/net/with-time-limit.ts';
import { catalogueLines } from './log-lines.ts';

/** Time to live of a loaded catalogue, in milliseconds. */
export const FRESH_MS = 30_000;

/** After a failed reload the stale catalogue is served this long before the next reload, in milliseconds. */
export const RETRY_MS = 1000;

/**
 * Longest time of a load, in milliseconds. Shorter than the default deadline of an RPC (2000 ms), so that calls that wait
 * for a load that hangs fail with CATALOGUE_UNAVAILABLE and not with DEADLINE_EXCEEDED.
 */
export const LOAD_BUDGET_MS = 1800;

/** Longest time that a call waits for a reload before it uses the stale catalogue, in milliseconds. The reload goes on. */
export const RELOAD_WAIT_MS = 250;

/** The products of the shop, cached with a time to live. */
export type CatalogueCache<P> = {
  /**
   * Returns every product: from the cache while it is fresh, otherwise after a reload, otherwise stale. Concurrent calls
   * share one load, which no single caller can cancel.
   *
   * @param requestId the request id that the load carries
   * @throws {DomainError} CATALOGUE_UNAVAILABLE when the catalogue was never loaded and cannot be loaded
   */
  readonly products: (requestId: string) => Promise<readonly P[]>;
  /** Cancels the load in flight. */
  readonly close: () => Promise<void>;
};

/**
 * Caches the catalogue.
 *
 * @param deps.load requests every product
 * @param deps.now milliseconds since 1970
 */
export function cacheCatalogue<P>(deps: {
  load: (call: CallContext) => Promise<readonly P[]>;
  now: () => number;
  log: Logger;
}): CatalogueCache<P> {
  let cached: { readonly products: readonly P[]; readonly freshUntilMs: number } | undefined;
  let loading: { readonly call: Disposable; readonly products: Promise<readonly P[]> } | undefined;

  const load = async (call: CallContext): Promise<readonly P[]> => {
    try {
      cached = { products: await deps.load(call), freshUntilMs: deps.now() + FRESH_MS };
    } catch (cause) {
      if (cached === undefined) throw neverLoaded(cause);
      deps.log.write(catalogueLines.refreshFailed, { requestId: call.requestId, err: cause });
      cached = { products: cached.products, freshUntilMs: deps.now() + RETRY_MS };
    }
    return cached.products;
  };

  const loadOnce = (requestId: string): Promise<readonly P[]> => {
    if (loading !== undefined) return loading.products;
    const call = beginCall({ budgetMs: LOAD_BUDGET_MS, requestId });
    const products = load(call).finally(() => {
      call[Symbol.dispose]();
      loading = undefined;
    });
    loading = { call, products };
    return products;
  };

  return {
    products: async (requestId) => {
      if (cached === undefined) return await loadOnce(requestId);
      if (deps.now() < cached.freshUntilMs) return cached.products;
      return await resultOrDefault(RELOAD_WAIT_MS, loadOnce(requestId), cached.products);
    },
    close: async () => {
      const inFlight = loading;
      inFlight?.call[Symbol.dispose]();
      await inFlight?.products.catch(() => {
        // The calls that wait for the load handle its failure.
      });
    },
  };
}

function neverLoaded(cause: unknown): DomainError {
  const message = 'the catalogue cannot be reached, try again later';
  return new DomainError('unavailable', 'CATALOGUE_UNAVAILABLE', message, { cause });
}
