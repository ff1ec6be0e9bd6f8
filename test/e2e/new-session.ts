import type { Page } from 'playwright-core';
import { WINDOW } from './browser.ts';

/**
 * Resets a page to that of a new visitor: no cookies, no routes, the default window. The loaded document stays: the next
 * one then shares its process, whose code is compiled already, and costs a fraction of one in a new browser context.
 */
export async function newSession(page: Page): Promise<void> {
  await page.unrouteAll({ behavior: 'wait' });
  await page.context().clearCookies();
  await page.setViewportSize(WINDOW);
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}

/** Makes the page load every file from the server, as the browser of a new visitor does. */
export async function disableCache(page: Page): Promise<void> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('Network.setCacheDisabled', { cacheDisabled: true });
}
