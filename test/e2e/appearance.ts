import type { Page } from 'playwright-core';

/** How a browser shows a page. */
export type Appearance = {
  readonly colorScheme?: 'light' | 'dark';
  /** The width of the window, in CSS pixels. */
  readonly width: number;
  /** The factor of the size of all text, as a user can set it in the browser. */
  readonly textScale?: number;
};

/** Shows the loaded page in this way, without animations. */
export async function show(page: Page, { colorScheme, width, textScale }: Appearance): Promise<void> {
  await page.emulateMedia({ colorScheme: colorScheme ?? 'light', reducedMotion: 'reduce' });
  await page.setViewportSize({ width, height: 900 });
  await page.evaluate(
    (size) => {
      document.documentElement.style.fontSize = size;
    },
    `${(textScale ?? 1) * 100}%`,
  );
}
