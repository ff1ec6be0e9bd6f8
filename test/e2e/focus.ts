import type { Page } from 'playwright-core';
import type { PageElement } from './dom.ts';

/** The focused element: its tag, its id, and the text of the element in its aria-labelledby. */
export async function focusedElement(page: Page): Promise<{ tag: string; id: string; label: string }> {
  return await page.locator(':root').evaluate((root) => {
    const { ownerDocument } = root as unknown as PageElement;
    const element = ownerDocument.activeElement;
    const labelledBy = element?.getAttribute('aria-labelledby') ?? '';
    return {
      tag: element?.tagName.toLowerCase() ?? '',
      id: element?.id ?? '',
      label: ownerDocument.getElementById(labelledBy)?.innerText ?? '',
    };
  });
}

/** Records the outline and shadow of every focusable element, while none has the focus. */
export async function recordUnfocusedStyles(page: Page): Promise<void> {
  await page.locator(':root').evaluate((root) => {
    const { ownerDocument } = root as unknown as PageElement;
    const { defaultView } = ownerDocument;
    const styleOf = (element: PageElement): string => {
      const { outline, boxShadow } = defaultView.getComputedStyle(element);
      return `${outline} ${boxShadow}`;
    };
    const elements = [...ownerDocument.querySelectorAll('a, button, input, select, [tabindex]')];
    defaultView.unfocused = new Map(elements.map((element) => [element, styleOf(element)]));
  });
}

/** The focused element, and whether its focus is visible. */
export type FocusStop = {
  /** The tag, and the id or the text, such as `a Watch`. */
  readonly name: string;
  /** True when it has a ring it has not without the focus. Ask `recordUnfocusedStyles` first. */
  readonly hasRing: boolean;
  /** True when it is within the window and not covered by another element. */
  readonly isVisible: boolean;
};

/** The focused element; `undefined` when no element of the page has the focus. */
export async function focusStop(page: Page): Promise<FocusStop | undefined> {
  return await page.locator(':root').evaluate((root) => {
    const { ownerDocument } = root as unknown as PageElement;
    const { activeElement: element, body, documentElement, defaultView } = ownerDocument;
    if (element === null || element === body || element === documentElement) return undefined;
    const { outline, outlineStyle, boxShadow } = defaultView.getComputedStyle(element);
    const isDrawn = outlineStyle !== 'none' || boxShadow !== 'none';
    const box = element.getClientRects()[0];
    const hit = box && ownerDocument.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
    const text = element.innerText.trim().split('\n')[0] ?? '';
    return {
      name: `${element.tagName.toLowerCase()} ${element.id || text}`,
      hasRing: isDrawn && defaultView.unfocused?.get(element) !== `${outline} ${boxShadow}`,
      isVisible:
        box !== undefined &&
        box.left >= 0 &&
        box.top >= 0 &&
        box.bottom <= defaultView.innerHeight &&
        hit != null &&
        (element.contains(hit) || hit.contains(element)),
    };
  });
}
