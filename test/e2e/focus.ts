import type { Page } from 'playwright-core';

/** The focused element: its tag, its id, and the text of the element in its aria-labelledby. */
export async function focusedElement(page: Page): Promise<{ tag: string; id: string; label: string }> {
  return await page.evaluate(() => {
    const element = document.activeElement;
    const labelledBy = element?.getAttribute('aria-labelledby') ?? '';
    return {
      tag: element?.tagName.toLowerCase() ?? '',
      id: element?.id ?? '',
      label: document.getElementById(labelledBy)?.innerText ?? '',
    };
  });
}

/** Stores the outline and shadow of every focusable element, while none has the focus, for `focusStop`. */
export async function recordUnfocusedStyles(page: Page): Promise<void> {
  await page.evaluate(() => {
    const elements = [...document.querySelectorAll('a, button, input, select, [tabindex]')];
    const styles = elements.map((element): [Element, string] => {
      const { outline, boxShadow } = getComputedStyle(element);
      return [element, `${outline} ${boxShadow}`];
    });
    Object.assign(window, { unfocusedStyles: new Map(styles) });
  });
}

/** The focused element, and whether its focus is visible. */
export type FocusStop = {
  /** The tag, and the id or the text, such as `a Watch`. */
  readonly name: string;
  /** True when the element has a ring that it does not have without the focus. Call `recordUnfocusedStyles` first. */
  readonly hasRing: boolean;
  /** True when the element is within the window and not covered by another element. */
  readonly isVisible: boolean;
};

/** The focused element; `undefined` when no element of the page has the focus. */
export async function focusStop(page: Page): Promise<FocusStop | undefined> {
  return await page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    if (element === null || element === document.body || element === document.documentElement) return undefined;
    const { outline, outlineStyle, boxShadow } = getComputedStyle(element);
    const isDrawn = outlineStyle !== 'none' || boxShadow !== 'none';
    const { unfocusedStyles } = window as unknown as { unfocusedStyles?: Map<Element, string> };
    const box = element.getClientRects()[0];
    const hit = box && document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
    const text = element.innerText.trim().split('\n')[0] ?? '';
    return {
      name: `${element.tagName.toLowerCase()} ${element.id || text}`,
      hasRing: isDrawn && unfocusedStyles?.get(element) !== `${outline} ${boxShadow}`,
      isVisible:
        box !== undefined &&
        box.left >= 0 &&
        box.top >= 0 &&
        box.bottom <= window.innerHeight &&
        hit != null &&
        (element.contains(hit) || hit.contains(element)),
    };
  });
}

/** Presses Tab until the focus leaves the page, and returns each stop. */
export async function tabThrough(page: Page): Promise<FocusStop[]> {
  await recordUnfocusedStyles(page);
  const stops: FocusStop[] = [];
  for (let presses = 0; presses < 100; presses += 1) {
    await page.keyboard.press('Tab');
    const stop = await focusStop(page);
    if (stop === undefined) return stops;
    stops.push(stop);
  }
  throw new Error('the focus did not leave the page after 100 presses of Tab');
}

/** Presses Tab until the element of this name has the focus. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 100; presses += 1) {
    if ((await focusStop(page))?.name === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the focus did not reach this element after 100 presses of Tab: ${name}`);
}

/** The names of all links, buttons and fields of the page, in the form of `FocusStop`. */
export async function controlNames(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const controls = document.querySelectorAll<HTMLElement>('a[href], button, input:not([type=hidden]), select');
    return [...controls].map(
      ({ tagName, id, innerText }) => `${tagName.toLowerCase()} ${id || innerText.trim().split('\n')[0]}`,
    );
  });
}
