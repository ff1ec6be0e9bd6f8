import axe from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { startBrowser, type TestBrowser } from './browser.ts';
import { type FocusStop, focusedElement, focusStop, recordUnfocusedStyles } from './focus.ts';
import { openLink, pathOf, press } from './follow.ts';
import { layoutProblems, scaleText } from './layout-problems.ts';
import { SHOP_PAGES } from './pages.ts';
import { openPlaces, type Places } from './places.ts';
import { LOOKS, violations } from './violations.ts';

describe('the accessibility of the shop', () => {
  let places: Places;
  let browser: TestBrowser;

  beforeAll(async () => {
    [places, browser] = await Promise.all([openPlaces(), startBrowser()]);
  });

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await places?.[Symbol.asyncDispose]();
  });

  describe.each(SHOP_PAGES)('the page "$name"', ({ open }) => {
    let context: BrowserContext;
    let page: Page;

    beforeAll(async () => {
      context = await browser.shopper({ reducedMotion: 'reduce' });
      page = await context.newPage();
      await open(page, places);
      // Evaluated by the debugger: the Content-Security-Policy of the page, which forbids scripts, stays in force.
      await page.evaluate(axe.source);
    });

    afterAll(async () => await context?.close());

    it.each(LOOKS)('breaks no rule of WCAG 2.2 AA: $colorScheme, $width px wide', async ({ colorScheme, width }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      expect(await violations(page)).toEqual([]);
    });

    it.each([320, 360])('has no horizontal scrolling, %i px wide', async (width) => {
      await page.setViewportSize({ width, height: 900 });
      expect(await layoutProblems(page)).toEqual([]);
    });

    it.each([1280, 390])('has no overlapping or clipped content with text of 200 %, %i px wide', async (width) => {
      await page.setViewportSize({ width, height: 900 });
      await scaleText(page, 2);
      expect(await layoutProblems(page)).toEqual([]);
    });
  });

  describe('with the keyboard only', () => {
    let context: BrowserContext;
    let page: Page;

    beforeEach(async () => {
      context = await browser.shopper({ javaScriptEnabled: false, reducedMotion: 'reduce' });
      page = await context.newPage();
    });

    afterEach(async () => await context?.close());

    it.each(['/', '/product/6E92ZMYYFZ', '/cart'])('shows the focus on every control of %s', async (path) => {
      await page.goto(`${places.url}/product/6E92ZMYYFZ`);
      await press(page, 'Add to cart');
      await page.goto(places.url + path);
      const stops = await tabThrough(page);
      expect(stops.filter(({ hasRing, isVisible }) => !hasRing || !isVisible)).toEqual([]);
      const names = stops.map(({ name }) => name);
      expect(new Set(names)).toEqual(new Set(await everyStop(page)));
    });

    it('focuses a link first that skips the header', async () => {
      await page.goto(places.url);
      await page.keyboard.press('Tab');
      expect(await focusStop(page)).toMatchObject({ name: 'a Skip to content', isVisible: true });
      await page.keyboard.press('Enter');
      expect(await focusedElement(page)).toMatchObject({ tag: 'main' });
      await page.keyboard.press('Tab');
      expect(await focusStop(page)).toMatchObject({ name: 'a See what’s on the stall' });
    });

    it('places an order', async () => {
      await page.goto(`${places.url}/product/6E92ZMYYFZ`);
      await tabTo(page, 'select quantity');
      await page.keyboard.press('ArrowDown');
      await tabTo(page, 'button Add to cart');
      await Promise.all([page.waitForURL('**/cart'), page.keyboard.press('Enter')]);
      expect(await page.locator('.lines tbody td').first().innerText()).toBe('2');
      await tabTo(page, 'input credit_card_cvv');
      await page.keyboard.type('123');
      await Promise.all([page.waitForURL('**/order/*'), page.keyboard.press('Enter')]);
      expect(pathOf(page)).toMatch(/^\/order\//);
      await openLink(page, 'Continue shopping');
    });
  });
});

async function tabThrough(page: Page): Promise<FocusStop[]> {
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

async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 100; presses += 1) {
    if ((await focusStop(page))?.name === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the focus did not reach this element after 100 presses of Tab: ${name}`);
}

async function everyStop(page: Page): Promise<string[]> {
  const controls = await page.locator('a[href], button, input:not([type=hidden]), select').all();
  return await Promise.all(
    controls.map(async (control) => {
      const [tag, id] = await control.evaluate((element) => {
        const { tagName, id: itsId } = element as unknown as { tagName: string; id: string };
        return [tagName.toLowerCase(), itsId] as const;
      });
      return `${tag} ${id || (await control.innerText()).trim().split('\n')[0]}`;
    }),
  );
}
