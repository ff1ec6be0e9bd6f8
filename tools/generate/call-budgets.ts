import { TASK_BUDGET_MS } from '../../src/checkoutservice/outbox/outbox-worker.ts';
import { STEP_BUDGET_MS } from '../../src/checkoutservice/saga/run.ts';
import { SHIP_BUDGET_MS } from '../../src/checkoutservice/saga/steps.ts';
import { BUDGETS } from '../../src/frontend/budgets.ts';
import { LOAD_BUDGET_MS } from '../../src/recommendationservice/catalogue-cache.ts';
import { type ServiceName, serviceNames, topology } from '../../src/topology.ts';

/** The budgets of the calls of a service, in milliseconds. */
type Budgets = {
  /** Of every call without another budget. */
  readonly default: number;
  /** Of the calls to upstreams that the service can do without. */
  readonly optional?: number;
  /** By the name of the RPC. */
  readonly rpcs?: Readonly<Record<string, number>>;
};

const budgets: Readonly<Partial<Record<ServiceName, Budgets>>> = {
  frontend: {
    default: BUDGETS.pageMs,
    optional: BUDGETS.optionalPartMs,
    rpcs: { PlaceOrder: BUDGETS.checkoutMs },
  },
  checkoutservice: {
    // Calls before the order is stored get what is left of the deadline of the checkout.
    default: BUDGETS.checkoutMs,
    rpcs: {
      Charge: STEP_BUDGET_MS,
      GetCharge: STEP_BUDGET_MS,
      Refund: STEP_BUDGET_MS,
      ShipOrder: SHIP_BUDGET_MS,
      CancelShipment: STEP_BUDGET_MS,
      EmptyCart: TASK_BUDGET_MS,
      SendOrderCancellation: TASK_BUDGET_MS,
      EraseMails: TASK_BUDGET_MS,
      SendOrderConfirmation: TASK_BUDGET_MS,
    },
  },
  recommendationservice: { default: LOAD_BUDGET_MS },
};

/** The callers of an RPC, in the order of the topology. */
export function callersOfRpc(service: ServiceName, rpc: string): ServiceName[] {
  return serviceNames.filter((caller) =>
    [topology[caller].calls, topology[caller].exceptionalCalls].some((calls) => calls[service]?.includes(rpc)),
  );
}

/** The longest budget that any caller gives an RPC, in milliseconds; undefined for an RPC without callers. */
export function longestBudgetMs(service: ServiceName, rpc: string): number | undefined {
  const times = callersOfRpc(service, rpc).map((caller) => budgetMs(caller, service, rpc));
  return times.length === 0 ? undefined : Math.max(...times);
}

// A caller without an entry passes on the deadline of its callers; a checkout has the longest one.
function budgetMs(caller: ServiceName, callee: ServiceName, rpc: string): number {
  const { default: otherwise, optional = otherwise, rpcs = {} } = budgets[caller] ?? { default: BUDGETS.checkoutMs };
  return rpcs[rpc] ?? (topology[caller].optionalUpstreams.includes(callee) ? optional : otherwise);
}
