import { setTimeout } from 'node:timers/promises';
import { DomainError } from '../lib/errors.ts';
import { beginCall, type CallContext } from '../lib/grpc/call-context.ts';
import type { Logger } from '../lib/log/logger.ts';
import { catalogueLines } from './log-lines.ts';

/** A list that was loaded is served this long before it is loaded again, in milliseconds. */
export const FRESH_MS = 30_000;

/** After a load that failed, the old list is served this long before the next one, in milliseconds. */
export const RETRY_MS = 1000;

/**
 * How long a load may take, in milliseconds: less than a call that brought no deadline has, so that those who wait for a load
 * that hangs are told why.
 */
export const LOAD_BUDGET_MS = 1800;

// A call waits no longer than this for a new list when there is an old one. The load goes on without it.
const PATIENCE_MS = 250;

/** The products of the shop, kept for a while. */
export type KeptCatalogue<P> = {
  /**
   * Answers every product: the kept list while it is fresh, else a new one. When no new one can be had in time, the old
   * one. Whoever asks while a load runs waits for that one; it ends with none of them.
   *
   * @param requestId names the call that a load is made for
   * @throws {DomainError} CATALOGUE_UNAVAILABLE when no list was ever loaded, and none can be
   */
  readonly products: (requestId: string) => Promise<readonly P[]>;
  /** Ends a load that runs. */
  readonly close: () => Promise<void>;
};

/**
 * Keeps the catalogue.
 *
 * @param deps.load asks the catalogue for every product
 * @param deps.now milliseconds since 1970
 */
export function keepCatalogue<P>(deps: {
  load: (call: CallContext) => Promise<readonly P[]>;
  now: () => number;
  log: Logger;
}): KeptCatalogue<P> {
  let kept: { readonly products: readonly P[]; readonly freshUntilMs: number } | undefined;
  let loading: { readonly call: Disposable; readonly products: Promise<readonly P[]> } | undefined;

  const load = async (call: CallContext): Promise<readonly P[]> => {
    try {
      kept = { products: await deps.load(call), freshUntilMs: deps.now() + FRESH_MS };
    } catch (cause) {
      if (kept === undefined) throw neverLoaded(cause);
      deps.log.write(catalogueLines.refreshFailed, { requestId: call.requestId, err: cause });
      kept = { products: kept.products, freshUntilMs: deps.now() + RETRY_MS };
    }
    return kept.products;
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
      if (kept === undefined) return await loadOnce(requestId);
      if (deps.now() < kept.freshUntilMs) return kept.products;
      return await orAfter(PATIENCE_MS, loadOnce(requestId), kept.products);
    },
    close: async () => {
      const last = loading;
      last?.call[Symbol.dispose]();
      await last?.products.catch(() => {
        // Whoever waits for it is told; here it only has to be over.
      });
    },
  };
}

function neverLoaded(cause: unknown): DomainError {
  const message = 'the catalogue cannot be reached, try again later';
  return new DomainError('unavailable', 'CATALOGUE_UNAVAILABLE', message, { cause });
}

async function orAfter<T>(limitMs: number, work: Promise<T>, otherwise: T): Promise<T> {
  const answered = new AbortController();
  try {
    return await Promise.race([work, setTimeout(limitMs, otherwise, { signal: answered.signal })]);
  } finally {
    answered.abort();
  }
}
