/**
 * Gives pages and orders ten times their time, so that no test depends on the speed of the machine. A test of a hanging
 * upstream sets the factor back to 1.
 */
export const LONG_BUDGETS = { TIME_BUDGET_FACTOR: '10' };
