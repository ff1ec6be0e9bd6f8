/** How long the storefront works for a request, in milliseconds. The budget travels as the deadline of its calls. */
export type Budgets = {
  readonly pageMs: number;
  /** For the request that places an order. */
  readonly checkoutMs: number;
  /** The longest wait of a page for an optional part. */
  readonly optionalPartMs: number;
  /** For the call that a readiness probe makes. */
  readonly readinessMs: number;
};

/** The budgets with a factor of 1. Kubernetes waits two seconds for a readiness probe. */
export const BUDGETS: Budgets = { pageMs: 3000, checkoutMs: 10_000, optionalPartMs: 600, readinessMs: 1000 };

/** The budgets with a factor that gives a page, its optional parts and an order more time. Readiness has no factor. */
export function scaledBudgets(factor: number): Budgets {
  return {
    ...BUDGETS,
    pageMs: Math.round(BUDGETS.pageMs * factor),
    checkoutMs: Math.round(BUDGETS.checkoutMs * factor),
    optionalPartMs: Math.round(BUDGETS.optionalPartMs * factor),
  };
}
