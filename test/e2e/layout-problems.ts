import type { Page } from 'playwright-core';

/** The elements of a page that overflow at the side, are clipped, or overlap another element. */
export async function layoutProblems(page: Page): Promise<string[]> {
  return [
    ...(await page.evaluate(overflowing)),
    ...(await page.evaluate(clipped)),
    ...(await page.evaluate(overlapping)),
  ];
}

// Playwright sends these functions to the browser as text: they use nothing from their module.

function overflowing(): string[] {
  const { scrollWidth, clientWidth } = document.documentElement;
  const isWithin = ({ left, right, bottom }: DOMRect): boolean =>
    bottom <= 0 || (left >= -1 && right <= clientWidth + 1);
  const outside = [...document.querySelectorAll<HTMLElement>('body :not(.visually-hidden, .visually-hidden *)')]
    .filter((element) => !Array.from(element.getClientRects()).every(isWithin))
    .map(({ tagName, innerText }) => `overflows:  ${tagName} ${innerText}`);
  const scrolls = scrollWidth > clientWidth ? [`scrolls horizontally: ${scrollWidth} of ${clientWidth} px`] : [];
  return [...scrolls, ...outside];
}

function clipped(): string[] {
  // Exclude fields, which scroll, and text for screen readers only.
  const content = 'body :not(input, select, option, .visually-hidden, .visually-hidden *)';
  const isClipped = (element: HTMLElement): boolean => {
    const isTooWide = element.scrollWidth > element.clientWidth + 1;
    const isTooHigh = element.scrollHeight > element.clientHeight + 1;
    if (!isTooWide && !isTooHigh) return false;
    const { overflowX, overflowY } = getComputedStyle(element);
    return (overflowX !== 'visible' && isTooWide) || (overflowY !== 'visible' && isTooHigh);
  };
  return [...document.querySelectorAll<HTMLElement>(content)]
    .filter(isClipped)
    .map(({ tagName, innerText }) => `is clipped: ${tagName} ${innerText}`);
}

function overlapping(): string[] {
  const texts = [...document.querySelectorAll<HTMLElement>('h1, h2, h3, p, label, button, dt, dd, th, td, li, a')]
    .flatMap((element) => Array.from(element.getClientRects(), (box) => ({ element, box })))
    .filter(({ box }) => box.width > 2 && box.bottom > 0);
  const overlap = (one: DOMRect, other: DOMRect): boolean => {
    const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    // The boxes of adjacent lines overlap slightly, although their letters do not.
    return width > 2 && height > 4;
  };
  return texts.flatMap((one, index) =>
    texts
      .slice(index + 1)
      .filter((other) => overlap(one.box, other.box))
      .filter((other) => !one.element.contains(other.element) && !other.element.contains(one.element))
      .map((other) => `overlaps: ${one.element.innerText} | ${other.element.innerText}`),
  );
}
