import type { Page } from 'playwright-core';
import type { Box, PageElement, Picture } from './dom.ts';

/**
 * The layout shifts since the page began to load, with positions before and after. Loads the pictures below the fold
 * first.
 * Source: Layout Instability API (W3C); Cumulative Layout Shift sums these values.
 */
export async function layoutShifts(page: Page): Promise<string[]> {
  await page.locator('img').evaluateAll(async (images) => {
    const pictures = images as unknown as Picture[];
    for (const picture of pictures) picture.loading = 'eager';
    while (!pictures.every(({ complete }) => complete)) {
      await new Promise<void>((resolve) => pictures[0]?.ownerDocument.defaultView.requestAnimationFrame(resolve));
    }
  });
  return await page.locator(':root').evaluate(async (root) => {
    const { defaultView } = (root as unknown as PageElement).ownerDocument;
    const frame = () => new Promise<void>((resolve) => defaultView.requestAnimationFrame(resolve));
    const corner = ({ left, top, width, height }: Box): string => `${left},${top} ${width}x${height}`;
    const found: string[] = [];
    const observer = new defaultView.PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries()) {
        const moves = sources.map(
          ({ node, previousRect, currentRect }) =>
            `${node?.nodeName} ${node?.textContent}: ${corner(previousRect)} -> ${corner(currentRect)}`,
        );
        found.push(`${value}: ${moves.join('; ')}`);
      }
    });
    observer.observe({ type: 'layout-shift', buffered: true });
    // The browser reports shifts with the next frames.
    for (let frames = 0; frames < 5; frames += 1) await frame();
    return found;
  });
}
