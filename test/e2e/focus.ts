import type { Page } from 'playwright-core';
import type { PageElement } from './dom.ts';

/** The element that has the focus: its tag, its id, and the text of what labels it by reference. */
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

/** Notes how everything looks that can have the focus, while nothing has. */
export async function noteUnfocusedLooks(page: Page): Promise<void> {
  await page.locator(':root').evaluate((root) => {
    const { ownerDocument } = root as unknown as PageElement;
    const { defaultView } = ownerDocument;
    const look = (element: PageElement): string => {
      const { outline, boxShadow } = defaultView.getComputedStyle(element);
      return `${outline} ${boxShadow}`;
    };
    const elements = [...ownerDocument.querySelectorAll('a, button, input, select, [tabindex]')];
    defaultView.unfocused = new Map(elements.map((element) => [element, look(element)]));
  });
}

/** Where the focus is, and whether a person can see that it is there. */
export type FocusStop = {
  /** `a Watch`, say: the tag, and the id or the text. */
  readonly name: string;
  /** True when it has a ring it has not without the focus. Ask `noteUnfocusedLooks` first. */
  readonly hasRing: boolean;
  /** True when it is within the window with nothing on top of it. */
  readonly isInSight: boolean;
};

/** The element that has the focus; `undefined` when it is the page itself. */
export async function focusStop(page: Page): Promise<FocusStop | undefined> {
  return await page.locator(':root').evaluate((root) => {
    const { ownerDocument } = root as unknown as PageElement;
    const { activeElement: element, body, documentElement, defaultView } = ownerDocument;
    if (element === null || element === body || element === documentElement) return undefined;
    const { outline, outlineStyle, boxShadow } = defaultView.getComputedStyle(element);
    const isRing = outlineStyle !== 'none' || boxShadow !== 'none';
    const box = element.getClientRects()[0];
    const hit = box && ownerDocument.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
    const text = element.innerText.trim().split('\n')[0] ?? '';
    return {
      name: `${element.tagName.toLowerCase()} ${element.id || text}`,
      hasRing: isRing && defaultView.unfocused?.get(element) !== `${outline} ${boxShadow}`,
      isInSight:
        box !== undefined &&
        box.left >= 0 &&
        box.top >= 0 &&
        box.bottom <= defaultView.innerHeight &&
        hit != null &&
        (element.contains(hit) || hit.contains(element)),
    };
  });
}
