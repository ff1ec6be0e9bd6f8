import type { Page } from 'playwright-core';
import { show } from './appearance.ts';
import { startBrowser, type TestBrowser } from './browser.ts';
import { layoutProblems } from './layout-problems.ts';
import { layoutShifts } from './layout-shifts.ts';
import { disableCache, newSession } from './new-session.ts';
import { isDocument, type PageWatch, watchPages } from './page-watch.ts';
import { SHOP_PAGES } from './pages.ts';
import { type Storefronts, startStorefronts } from './storefronts.ts';
import { structureOf } from './structure.ts';
import { LOOKS, violations } from './violations.ts';

const MAX_HOME_BYTES = 5_000;

describe('the storefront', () => {
  let storefronts: Storefronts;
  let browser: TestBrowser;

  beforeAll(async () => {
    [storefronts, browser] = await Promise.all([startStorefronts(), startBrowser()]);
  });

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await storefronts?.[Symbol.asyncDispose]();
  });

  describe('on a desktop', () => {
    let page: Page;
    let watch: PageWatch;
    let statusOfPage: number | undefined;

    beforeAll(async () => {
      const context = await browser.newContext();
      const { url, outageUrl, ordersUrl } = storefronts;
      watch = watchPages(context, [url, outageUrl, ordersUrl]);
      page = await context.newPage();
      page.on('response', (response) => {
        if (isDocument(response)) statusOfPage = response.status();
      });
      await disableCache(page);
    });

    afterAll(async () => await page?.context().close());

    describe.each(SHOP_PAGES)('the page "$name"', ({ status, open }) => {
      beforeAll(async () => {
        await newSession(page);
        watch.clear();
        await open(page, storefronts);
      });

      it(`has the status ${status}`, () => {
        expect(statusOfPage).toBe(status);
      });

      it('has a title, a language, one heading of level 1, pictures with size and text, and no script', async () => {
        expect(await structureOf(page)).toEqual({
          title: expect.stringMatching(/^\S.* · Mercato$/),
          lang: 'en',
          viewport: 'width=device-width, initial-scale=1',
          h1: 1,
          main: 1,
          scripts: 0,
          inlineStyles: 0,
          picturesWithoutSize: 0,
          picturesWithoutAlternative: 0,
          repeatedIds: [],
        });
      });

      it('does not shift while it loads', async () => {
        expect(await layoutShifts(page)).toEqual([]);
      });

      it('causes no errors in the browser and sends no requests to other hosts', () => {
        expect(watch.problems()).toEqual([]);
      });

      it.each(LOOKS)('violates no rule of WCAG 2.2 AA: $colorScheme, $width px wide', async ({ rules, ...look }) => {
        await show(page, look);
        expect(await violations(page, rules)).toEqual([]);
      });

      it.each([360, 320])('has no horizontal scrolling, %i px wide', async (width) => {
        await show(page, { width });
        expect(await layoutProblems(page)).toEqual([]);
      });

      it.each([390, 1280])('has no overlapping or clipped content with text of 200 %, %i px wide', async (width) => {
        await show(page, { width, textScale: 2 });
        expect(await layoutProblems(page)).toEqual([]);
      });
    });
  });

  it.each(['/', '/product/6E92ZMYYFZ', '/cart', '/search?q=a'])('does not shift on a phone: %s', async (path) => {
    await using context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true });
    const page = await context.newPage();
    await page.goto(storefronts.url + path);
    expect(await layoutShifts(page)).toEqual([]);
  });

  it(`sends at most ${MAX_HOME_BYTES} bytes of HTML as home page`, async () => {
    const html = await (await fetch(storefronts.url)).arrayBuffer();
    expect(html.byteLength).toBeLessThanOrEqual(MAX_HOME_BYTES);
  });
});
