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
    .filter((element) => element.checkVisibility())
    .flatMap((element) =>
      // Copied, since reading a property of a DOMRect is slow and each box is compared with many others.
      Array.from(element.getClientRects(), ({ left, right, top, bottom }) => ({ element, left, right, top, bottom })),
    )
    .filter(({ left, right, bottom }) => right - left > 2 && bottom > 0)
    .sort((one, other) => one.top - other.top);
  return texts.flatMap((one, index) => {
    // The boxes of adjacent lines overlap slightly, although their letters do not.
    const end = texts.findIndex((other, at) => at > index && other.top >= one.bottom - 4);
    return texts
      .slice(index + 1, end === -1 ? undefined : end)
      .filter((other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2)
      .filter((other) => Math.min(one.bottom, other.bottom) - other.top > 4)
      .filter((other) => !one.element.contains(other.element) && !other.element.contains(one.element))
      .map((other) => `overlaps: ${one.element.innerText} | ${other.element.innerText}`);
  });
}
