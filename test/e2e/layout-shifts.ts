import type { Page } from 'playwright-core';

/** An entry of the Layout Instability API, which TypeScript's DOM types lack. */
type LayoutShift = PerformanceEntry & {
  readonly value: number;
  readonly sources: readonly {
    readonly node: Node | null;
    readonly previousRect: DOMRectReadOnly;
    readonly currentRect: DOMRectReadOnly;
  }[];
};

/**
 * The layout shifts since the page began to load, with positions before and after. Loads the pictures below the fold
 * first.
 * Source: Layout Instability API (W3C); Cumulative Layout Shift sums these values.
 */
export async function layoutShifts(page: Page): Promise<string[]> {
  return await page.evaluate(async () => {
    const frame = () => new Promise<void>((resolve) => requestAnimationFrame(() => resolve()));
    const pictures = [...document.images];
    for (const picture of pictures) picture.loading = 'eager';
    while (!pictures.every(({ complete }) => complete)) await frame();
    const corner = ({ left, top, width, height }: DOMRectReadOnly): string => `${left},${top} ${width}x${height}`;
    const shifts: string[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries() as LayoutShift[]) {
        const moves = sources.map(
          ({ node, previousRect, currentRect }) =>
            `${node?.nodeName} ${node?.textContent}: ${corner(previousRect)} -> ${corner(currentRect)}`,
        );
        shifts.push(`${value}: ${moves.join('; ')}`);
      }
    });
    observer.observe({ type: 'layout-shift', buffered: true });
    // The browser reports shifts with the next frames.
    for (let frames = 0; frames < 5; frames += 1) await frame();
    return shifts;
  });
}
