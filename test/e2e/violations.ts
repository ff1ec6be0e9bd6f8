import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const RULES: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
};

/** The looks in which every page must be good. */
export const LOOKS = (['light', 'dark'] as const).flatMap((colorScheme) => [
  { colorScheme, width: 1280 },
  { colorScheme, width: 390 },
]);

/** The rules of WCAG 2.2 AA, and of good practice, that a page breaks as it stands. axe must have been let into it. */
export async function violations(page: Page): Promise<string[]> {
  const found = await page.evaluate(async (rules) => {
    const { run } = (globalThis as unknown as { axe: { run: (options: RunOptions) => Promise<AxeResults> } }).axe;
    return (await run(rules)).violations;
  }, RULES);
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${String(target)}: ${failureSummary}`),
  );
}
