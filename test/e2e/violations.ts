import { readFileSync } from 'node:fs';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const ALL_RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// The rules that depend on colours or on positions, not only on which elements are displayed.
const VISUAL_RULES = ['color-contrast', 'link-in-text-block', 'target-size'];

/** A colour scheme and a width of the window, and the rules of axe that apply there. */
export type Look = {
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
  readonly rules: readonly string[];
};

/** All rules run once at each width, since a narrow page may hide elements; the visual rules run in every combination. */
export const LOOKS: readonly Look[] = [
  { colorScheme: 'light', width: 1280, rules: ALL_RULES },
  { colorScheme: 'dark', width: 1280, rules: VISUAL_RULES },
  { colorScheme: 'dark', width: 390, rules: ALL_RULES },
  { colorScheme: 'light', width: 390, rules: VISUAL_RULES },
];

/** The violations of these rules or tags of axe on the current page. Loads axe unless the page has it. */
export async function violations(page: Page, rules: readonly string[]): Promise<string[]> {
  // Evaluated by the debugger: the Content-Security-Policy of the page, which forbids scripts, stays in force.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  const options: RunOptions = { runOnly: [...rules], resultTypes: ['violations'] };
  const found = await page.evaluate(async (runOptions) => {
    const { axe } = globalThis as unknown as { axe: { run: (options: RunOptions) => Promise<AxeResults> } };
    return (await axe.run(runOptions)).violations;
  }, options);
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${String(target)}: ${failureSummary}`),
  );
}
