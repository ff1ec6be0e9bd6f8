import { TASK_BUDGET_MS } from '../../src/checkoutservice/saga/recovery.ts';
import { SHIP_BUDGET_MS, STEP_BUDGET_MS } from '../../src/checkoutservice/saga/steps.ts';
import { BUDGETS } from '../../src/frontend/budgets.ts';
import { LOAD_BUDGET_MS } from '../../src/recommendationservice/kept-catalogue.ts';
import { type ServiceName, serviceNames, topology } from '../../src/topology.ts';

type Budgets = { readonly otherwise: number } & { readonly [rpc: string]: number };

/** The longest that a caller gives a call, in milliseconds: what all calls of it have, and which of them have another time. */
const budgets: Readonly<Partial<Record<ServiceName, Budgets>>> = {
  frontend: {
    otherwise: BUDGETS.pageMs,
    PlaceOrder: BUDGETS.checkoutMs,
    BatchConvert: BUDGETS.optionalPartMs,
    Convert: BUDGETS.optionalPartMs,
    GetAds: BUDGETS.optionalPartMs,
    GetQuote: BUDGETS.optionalPartMs,
    GetSupportedCurrencies: BUDGETS.optionalPartMs,
    ListRecommendations: BUDGETS.optionalPartMs,
  },
  checkoutservice: {
    // What is asked before an order is stored has what is left of the checkout.
    otherwise: BUDGETS.checkoutMs,
    Charge: STEP_BUDGET_MS,
    GetCharge: STEP_BUDGET_MS,
    Refund: STEP_BUDGET_MS,
    ShipOrder: SHIP_BUDGET_MS,
    CancelShipment: STEP_BUDGET_MS,
    EmptyCart: TASK_BUDGET_MS,
    SendOrderCancellation: TASK_BUDGET_MS,
    SendOrderConfirmation: TASK_BUDGET_MS,
  },
  recommendationservice: { otherwise: LOAD_BUDGET_MS },
};

/** Who calls an RPC. */
export function callersOf(service: ServiceName, rpc: string): ServiceName[] {
  return serviceNames.filter((caller) =>
    [topology[caller].calls, topology[caller].exceptionalCalls].some((calls) => calls[service]?.includes(rpc)),
  );
}

/** The longest that any caller gives an RPC, in milliseconds; undefined where nobody calls it. */
export function longestBudgetMs(service: ServiceName, rpc: string): number | undefined {
  const times = callersOf(service, rpc).map((caller) => budgets[caller]?.[rpc] ?? budgets[caller]?.otherwise ?? 0);
  return times.length === 0 ? undefined : Math.max(...times);
}
