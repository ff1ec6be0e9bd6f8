import { status } from '@grpc/grpc-js';
import { PeerError } from '../../lib/grpc/peer-error.ts';

/** The calls that checkout makes, by the name of the client's function. */
export type PeerCall =
  | 'getCart'
  | 'emptyCart'
  | 'products'
  | 'quote'
  | 'convert'
  | 'charge'
  | 'findCharge'
  | 'keepsKeys'
  | 'refund'
  | 'ship'
  | 'cancel'
  | 'sendConfirmation'
  | 'sendCancellation';

/**
 * The result of one call:
 * - `refused`: FAILED_PRECONDITION
 * - `unsent`: no connection; the peer did nothing
 * - `lost-before`: the peer did nothing, and sent no response
 * - `lost-after`: the peer did its work, and the response was lost
 * - `unimplemented`: the peer does not have the RPC
 * - `killed-before`, `killed-after`: the process of checkout is killed before or after the peer did its work
 * - a promise: the call hangs until the promise resolves, and succeeds then
 */
export type CallResult =
  | 'ok'
  | 'refused'
  | 'unsent'
  | 'lost-before'
  | 'lost-after'
  | 'unimplemented'
  | 'killed-before'
  | 'killed-after'
  | Promise<void>;

/** Plans the results of calls: for each call those that were planned for it, in their order, and then `ok`. */
export type FailurePlan = {
  readonly plan: (call: PeerCall, ...results: readonly CallResult[]) => void;
  /** The calls made so far. */
  readonly made: PeerCall[];
  /** Does the work of a call according to the plan. */
  readonly perform: <T>(call: PeerCall, work: () => T) => Promise<T>;
  /** Called when a planned result kills the process of checkout. */
  onKill: () => void;
};

export function openFailurePlan(): FailurePlan {
  const planned = new Map<PeerCall, CallResult[]>();
  const made: PeerCall[] = [];
  const failurePlan: FailurePlan = {
    made,
    onKill: () => {},
    plan: (call, ...results) => {
      planned.set(call, [...(planned.get(call) ?? []), ...results]);
    },
    perform: async (call, work) => {
      made.push(call);
      const result = planned.get(call)?.shift() ?? 'ok';
      if (typeof result === 'object') await result;
      if (result === 'killed-before') failurePlan.onKill();
      const failure = failureBeforeWork(call, result);
      if (failure !== undefined) throw failure;
      const answer = work();
      if (result === 'killed-after') failurePlan.onKill();
      if (result === 'lost-after') throw plannedFailure(call, status.DEADLINE_EXCEEDED);
      return answer;
    },
  };
  return failurePlan;
}

function failureBeforeWork(call: PeerCall, result: CallResult): PeerError | undefined {
  switch (result) {
    case 'killed-before':
    case 'lost-before':
      return plannedFailure(call, status.UNAVAILABLE);
    case 'unsent':
      return plannedFailure(call, status.UNAVAILABLE, { isUnsent: true });
    case 'refused':
      return plannedFailure(call, status.FAILED_PRECONDITION);
    case 'unimplemented':
      return plannedFailure(call, status.UNIMPLEMENTED);
    default:
      return undefined;
  }
}

/** The error of a fake peer. */
export function plannedFailure(rpc: PeerCall, code: status, options: { isUnsent?: boolean } = {}): PeerError {
  return new PeerError({ peer: 'fake', rpc, code, details: 'as planned', ...options });
}

/**
 * The functions of a client or a store as one process has them: after the process was killed they do nothing, and a call
 * that was in flight has no result.
 */
export function untilKilled<T extends object>(target: T, isKilled: () => boolean): T {
  const requireAlive = (): void => {
    if (isKilled()) throw new Error('the process was killed');
  };
  const entries = Object.entries(target).map(([name, value]: [string, unknown]) => {
    if (typeof value !== 'function') return [name, value];
    const guarded = async (...args: readonly unknown[]): Promise<unknown> => {
      requireAlive();
      const answer: unknown = await (value as (...given: readonly unknown[]) => unknown)(...args);
      requireAlive();
      return answer;
    };
    return [name, guarded];
  });
  return Object.fromEntries(entries) as T;
}
