import type { Page } from 'playwright-core';

/** What the HTML of a page declares, and the number of elements that a page needs exactly once or must not have. */
export async function structureOf(page: Page) {
  return await page.evaluate(() => {
    const count = (selector: string): number => document.querySelectorAll(selector).length;
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    return {
      title: document.title,
      lang: document.documentElement.lang,
      viewport: document.querySelector('meta[name=viewport]')?.getAttribute('content'),
      h1: count('h1'),
      main: count('main'),
      scripts: count('script'),
      inlineStyles: count('style, [style]'),
      picturesWithoutSize: count('img:not([width][height])'),
      picturesWithoutAlternative: count('img:not([alt])'),
      repeatedIds: ids.filter((id, index) => ids.indexOf(id) !== index),
    };
  });
}
