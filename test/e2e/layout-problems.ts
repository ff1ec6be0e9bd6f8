import type { Page } from 'playwright-core';
import type { Box, PageElement } from './dom.ts';

/** Scales all text by the factor, as a user can set it in the browser. */
export async function scaleText(page: Page, factor: number): Promise<void> {
  await page.locator(':root').evaluate(
    (root, size) => {
      (root as unknown as PageElement).style.fontSize = size;
    },
    `${factor * 100}%`,
  );
}

/** The elements of a page that overflow at the side, are clipped, or overlap another element. */
export async function layoutProblems(page: Page): Promise<string[]> {
  return [...(await overflowing(page)), ...(await clipped(page)), ...(await overlapping(page))];
}

async function overflowing(page: Page): Promise<string[]> {
  return await page.locator(':root').evaluate((root) => {
    const { scrollWidth, clientWidth, ownerDocument } = root as unknown as PageElement;
    const isWithin = ({ left, right, bottom }: Box): boolean => bottom <= 0 || (left >= -1 && right <= clientWidth + 1);
    const outside = [...ownerDocument.querySelectorAll('body :not(.visually-hidden, .visually-hidden *)')]
      .filter((element) => !Array.from(element.getClientRects()).every(isWithin))
      .map(({ tagName, innerText }) => `overflows:  ${tagName} ${innerText}`);
    const scrolls = scrollWidth > clientWidth ? [`scrolls horizontally: ${scrollWidth} of ${clientWidth} px`] : [];
    return [...scrolls, ...outside];
  });
}

async function clipped(page: Page): Promise<string[]> {
  return await page.locator(':root').evaluate((root) => {
    const { ownerDocument } = root as unknown as PageElement;
    // Exclude fields, which scroll, and text for screen readers only.
    const content = 'body :not(input, select, option, .visually-hidden, .visually-hidden *)';
    const isClipped = (element: PageElement): boolean => {
      const { overflowX, overflowY } = ownerDocument.defaultView.getComputedStyle(element);
      const isTooWide = element.scrollWidth > element.clientWidth + 1;
      const isTooHigh = element.scrollHeight > element.clientHeight + 1;
      return (overflowX !== 'visible' && isTooWide) || (overflowY !== 'visible' && isTooHigh);
    };
    return [...ownerDocument.querySelectorAll(content)]
      .filter(isClipped)
      .map(({ tagName, innerText }) => `is clipped: ${tagName} ${innerText}`);
  });
}

async function overlapping(page: Page): Promise<string[]> {
  return await page.locator(':root').evaluate((root) => {
    const { ownerDocument } = root as unknown as PageElement;
    const texts = [...ownerDocument.querySelectorAll('h1, h2, h3, p, label, button, dt, dd, th, td, li, a')]
      .flatMap((element) => Array.from(element.getClientRects(), (box) => ({ element, box })))
      .filter(({ box }) => box.width > 2 && box.bottom > 0);
    const overlap = (one: Box, other: Box): boolean => {
      const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      // The boxes of adjacent lines overlap slightly, although their letters do not.
      return width > 2 && height > 4;
    };
    return texts.flatMap((one, index) =>
      texts
        .slice(index + 1)
        .filter((other) => !one.element.contains(other.element) && !other.element.contains(one.element))
        .filter((other) => overlap(one.box, other.box))
        .map((other) => `overlaps: ${one.element.innerText} | ${other.element.innerText}`),
    );
  });
}
