import type { OrderStore } from '../store/order-store.ts';

/** Calls `work` every `intervalMs` milliseconds, until the function that it returns is called. */
export type Repeat = (intervalMs: number, work: () => void) => () => void;

export type HeartbeatDeps = {
  readonly store: Pick<OrderStore, 'renew'>;
  /** Duration of a lease, in milliseconds. */
  readonly leaseMs: number;
  readonly now: () => number;
  readonly repeat: Repeat;
};

/** Renews the lease of an order every third of its duration, while `work` runs. */
export async function withHeartbeat<T>(deps: HeartbeatDeps, orderId: string, work: () => Promise<T>): Promise<T> {
  const { store, leaseMs, now, repeat } = deps;
  // Ignore a failure: the next renewal may succeed, and an append is refused when the lease was lost to another process.
  const stop = repeat(leaseMs / 3, () => void store.renew(orderId, now()).catch(() => {}));
  try {
    return await work();
  } finally {
    stop();
  }
}

/** {@link Repeat} on a timer that does not keep the process running. */
export const repeatOnTimer: Repeat = (intervalMs, work) => {
  const timer = setInterval(work, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
};
