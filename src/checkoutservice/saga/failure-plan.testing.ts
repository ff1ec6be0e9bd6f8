import { status } from '@grpc/grpc-js';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';

/** The calls that checkout makes, by the name of the client's function. */
export type UpstreamCall =
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
 * - `unsent`: no connection; the upstream did nothing
 * - `lost-before`: the upstream did nothing, and sent no response
 * - `lost-after`: the upstream did its work, and the response was lost
 * - `unimplemented`: the upstream does not have the RPC
 * - `killed-before`, `killed-after`: the process of checkout is killed before or after the upstream did its work
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
  readonly plan: (call: UpstreamCall, ...results: readonly CallResult[]) => void;
  /** The calls made so far. */
  readonly made: UpstreamCall[];
  /** Does the work of a call according to the plan. */
  readonly perform: <T>(call: UpstreamCall, work: () => T) => Promise<T>;
  /** Called when a planned result kills the process of checkout. */
  onKill: () => void;
};

export function openFailurePlan(): FailurePlan {
  const planned = new Map<UpstreamCall, CallResult[]>();
  const made: UpstreamCall[] = [];
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
      const response = work();
      if (result === 'killed-after') failurePlan.onKill();
      if (result === 'lost-after') throw plannedFailure(call, status.DEADLINE_EXCEEDED);
      return response;
    },
  };
  return failurePlan;
}

function failureBeforeWork(call: UpstreamCall, result: CallResult): UpstreamError | undefined {
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

/** The error of a fake upstream. */
export function plannedFailure(rpc: UpstreamCall, code: status, options: { isUnsent?: boolean } = {}): UpstreamError {
  return new UpstreamError({ upstream: 'fake', rpc, code, details: 'as planned', ...options });
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
      const response: unknown = await (value as (...given: readonly unknown[]) => unknown)(...args);
      requireAlive();
      return response;
    };
    return [name, guarded];
  });
  return Object.fromEntries(entries) as T;
}
