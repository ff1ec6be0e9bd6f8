import type { Page, Response } from 'playwright-core';
import { isDocument } from './page-watch.ts';

/**
 * Does something that loads another page, such as pressing a button, and waits until that page has loaded.
 *
 * @returns the response of the page; after redirects, the last one
 */
export async function follow(page: Page, act: () => Promise<unknown>): Promise<Response> {
  const [answer] = await Promise.all([
    page.waitForResponse((response) => isDocument(response) && !isRedirect(response.status())),
    page.waitForEvent('load'),
    act(),
  ]);
  return answer;
}

/** Presses the button and waits for the next page. */
export async function press(page: Page, name: string | RegExp): Promise<Response> {
  return await follow(page, () => page.getByRole('button', { name }).click());
}

/** Follows the first link of that name and waits for the next page. */
export async function openLink(page: Page, name: string | RegExp): Promise<Response> {
  return await follow(page, () => page.getByRole('link', { name }).first().click());
}

/** The path of a page with its search, such as `/search?q=mug`. */
export function pathOf(page: Page): string {
  const { pathname, search } = new URL(page.url());
  return pathname + search;
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}
