import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { renderToString } from 'preact-render-to-string';
import { ServicesPage } from '../../src/console/services-page.tsx';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { serverNames, upstreamsOf } from '../../src/topology.ts';
import { type LaunchedShop, launchOpen } from '../integration/launched-shop.ts';
import { checkoutForm, MUG, shopAround, webShopper } from '../integration/web-shopper.ts';
import { show } from './appearance.ts';
import { startBrowser, type TestBrowser, WINDOW } from './browser.ts';
import { openLink } from './follow.ts';
import { layoutProblems } from './layout-problems.ts';
import { LOOKS, violations } from './violations.ts';

// 640 px is the width of a window of 1280 px at a zoom of 200 %.
const WIDTHS = [390, 320, 640, 1280];

/** Makes one order and one declined card, so that every kind of row is shown. */
async function makeTraffic(shop: LaunchedShop): Promise<void> {
  const shopper = webShopper(shop.url());
  await shopAround(shopper);
  await shopper.post('/cart', { product_id: MUG, quantity: '1' });
  const { status } = await shopper.post('/cart/checkout', checkoutForm({ credit_card_number: '4000000000000002' }));
  expect(status).toBe(422);
  await eventually('the console has the checkouts', async () =>
    /POST \/cart\/checkout.*POST \/cart\/checkout/.test(await (await fetch(`${shop.consoleUrl()}/`)).text()),
  );
}

/** Opens one span of each kind and depth, and removes the other rows, which axe would spend most of its time on. */
async function keepOneRowOfEachShape(page: Page): Promise<void> {
  await page.evaluate(() => {
    const shapes = new Set<string>();
    for (const row of document.querySelectorAll('tbody tr')) {
      const span = row.querySelector('details');
      const shape = span
        ? `span ${span.className} ${span.querySelector('summary small')?.textContent}`
        : `line ${row.querySelector('td:nth-child(3)')?.textContent}`;
      if (shapes.has(shape)) row.remove();
      else if (span) span.open = true;
      shapes.add(shape);
    }
  });
}

describe('the accessibility of the console', () => {
  let shop: LaunchedShop;
  let browser: TestBrowser;
  let page: Page;
  const messages: string[] = [];

  beforeAll(async () => {
    [shop, browser] = await Promise.all([launchOpen({ CONSOLE_PORT: '0' }), startBrowser()]);
    await makeTraffic(shop);
    const context = await browser.newContext({ reducedMotion: 'reduce' });
    page = await context.newPage();
    page.on('console', (message) => void messages.push(message.text()));
  });

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await shop?.[Symbol.asyncDispose]();
  });

  async function openTrace(): Promise<void> {
    await page.goto(`${shop.consoleUrl()}/`);
    await openLink(page, 'POST /cart/checkout');
    expect(await page.locator('details').count()).toBeGreaterThan(10);
  }

  const pages: readonly { readonly name: string; readonly open: () => Promise<unknown> }[] = [
    { name: 'traces', open: async () => await page.goto(`${shop.consoleUrl()}/`) },
    { name: 'traces with errors', open: async () => await page.goto(`${shop.consoleUrl()}/?show=errors`) },
    {
      name: 'trace, one open span of each kind and one log line of each level',
      open: async () => {
        await openTrace();
        await keepOneRowOfEachShape(page);
      },
    },
    {
      name: 'the events of an order',
      open: async () => {
        await openTrace();
        const path = await page.locator('a[href^="/orders/"]').first().getAttribute('href');
        await page.goto(shop.consoleUrl() + path);
      },
    },
    { name: 'services', open: async () => await page.goto(`${shop.consoleUrl()}/services`) },
  ];

  describe.each(pages)('the page of $name', ({ open }) => {
    beforeAll(async () => {
      messages.length = 0;
      await open();
    });

    it.each(LOOKS)('violates no rule of WCAG 2.2 AA: $colorScheme, $width px wide', async ({ rules, ...look }) => {
      await show(page, look);
      expect(await violations(page, rules)).toEqual([]);
    });

    it.each(WIDTHS)('has no horizontal scrolling, %i px wide', async (width) => {
      await show(page, { width });
      expect(await layoutProblems(page)).toEqual([]);
    });

    it('writes nothing to the console of the browser', () => {
      expect(messages).toEqual([]);
    });
  });

  describe('the page of a trace, every span open', () => {
    beforeAll(async () => {
      await openTrace();
      await page.evaluate(() => {
        for (const span of document.querySelectorAll('details')) span.open = true;
      });
    });

    it.each(WIDTHS)('has no horizontal scrolling, %i px wide', async (width) => {
      await show(page, { width });
      expect(await layoutProblems(page)).toEqual([]);
    });
  });

  it('keeps the text of the service graph inside its boxes, even with large numbers', async () => {
    const edges = serverNames.flatMap((from) =>
      upstreamsOf(from).map((to) => ({ from, to, perSecond: 12_345.6, errorRatio: 1, p95Ms: 10_000 })),
    );
    const instances = serverNames.map((service) => ({
      service,
      address: '127.0.0.1:1',
      metrics: '127.0.0.1:2',
      health: 'not answering' as const,
      busy: 1,
      lagMs: 1,
      memoryMb: 1,
      counts: new Map(),
    }));
    const css = readFileSync(projectPath('src', 'console', 'console.css'), 'utf8');
    const html = renderToString(ServicesPage({ edges, instances }));
    await page.setViewportSize(WINDOW);
    await page.setContent(`<!doctype html><style>${css}</style>${html}`);
    const outside = await page.evaluate(() =>
      [...document.querySelectorAll<SVGGElement>('.graph g')].flatMap((group) => {
        const box = group.querySelector('rect')?.getBoundingClientRect();
        const texts = [...group.querySelectorAll('text')].map((text) => ({
          text: text.textContent,
          area: text.getBoundingClientRect(),
        }));
        return texts
          .filter(({ area }) => box === undefined || area.right > box.right || area.bottom > box.bottom)
          .map(({ text }) => text);
      }),
    );
    expect(outside).toEqual([]);
    expect(await page.locator('.graph text').count()).toBeGreaterThan(30);
  });
});
