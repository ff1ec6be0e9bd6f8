import { readFileSync, statSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { pathsBelow } from '../architecture/source-files.ts';
import { startBrowser, type TestBrowser } from './browser.ts';
import { layoutShifts } from './layout-shifts.ts';
import { isDocument, watchPages } from './page-watch.ts';
import { SHOP_PAGES } from './pages.ts';
import { openPlaces, type Places } from './places.ts';

const MAX_HOME_BYTES = 30_000;
const MAX_PICTURE_BYTES = 150_000;
const STATIC = 'src/frontend/static/';
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

const files = pathsBelow(STATIC).map((path) => path.slice(STATIC.length));

describe('the quality of the pages', () => {
  let places: Places;
  let browser: TestBrowser;

  beforeAll(async () => {
    [places, browser] = await Promise.all([openPlaces(), startBrowser()]);
  });

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await places?.[Symbol.asyncDispose]();
  });

  it.each(SHOP_PAGES)(
    'the page of $name has a valid structure, no browser errors and no layout shift',
    async ({ status, open }) => {
      await using context = await browser.shopper();
      const origins = [places.url, places.outageUrl, places.ordersUrl];
      const watch = watchPages(context, origins);
      const page = await context.newPage();
      const statuses: number[] = [];
      page.on('response', (response) => {
        if (isDocument(response)) statuses.push(response.status());
      });
      await open(page, places);
      expect(statuses.at(-1)).toBe(status);
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
      expect(await layoutShifts(page)).toEqual([]);
      expect(watch.complaints()).toEqual([]);
    },
  );

  it('the pages have no layout shift on a phone', async () => {
    await using context = await browser.shopper({ viewport: { width: 390, height: 844 }, isMobile: true });
    const page = await context.newPage();
    for (const path of ['/', '/product/6E92ZMYYFZ', '/cart', '/search?q=a']) {
      await page.goto(places.url + path);
      expect({ path, shifts: await layoutShifts(page) }).toEqual({ path, shifts: [] });
    }
  });

  it(`the home page has at most ${MAX_HOME_BYTES} bytes of HTML`, async () => {
    const html = await (await fetch(places.url)).text();
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(MAX_HOME_BYTES);
  });

  it(`all pictures together have at most ${MAX_PICTURE_BYTES} bytes`, () => {
    const pictures = files.filter((file) => !file.endsWith('.css'));
    const bytes = pictures.map((file) => statSync(projectPath(STATIC, file)).size);
    expect(bytes.length).toBeGreaterThan(10);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MAX_PICTURE_BYTES);
  });

  it('every page has a Content-Security-Policy', async () => {
    for (const path of ['/', '/cart', '/nowhere', '/static/styles.css']) {
      const { headers } = await fetch(places.url + path);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('every page forbids caching', async () => {
    for (const path of ['/', '/product/6E92ZMYYFZ', '/cart', '/search?q=mug', '/nowhere']) {
      expect((await fetch(places.url + path)).headers.get('cache-control')).toBe('no-store');
    }
  });

  it.each(files)('/static/%s has its content type and may be cached', async (file) => {
    const url = `${places.url}/static/${file}`;
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(readFileSync(projectPath(STATIC, file)));
    expect(answer.headers.get('content-type')).toBe(CONTENT_TYPES[file.split('.').at(-1) ?? '']);
    expect(answer.headers.get('cache-control')).toMatch(/^public, max-age=[1-9]\d{3,}/);
    const etag = answer.headers.get('etag') ?? '';
    // By default fetch adds no-cache to a conditional request.
    const again = await fetch(url, { headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' } });
    expect(again.status).toBe(304);
  });
});

async function structureOf(page: Page) {
  const count = async (selector: string): Promise<number> => await page.locator(selector).count();
  const ids = await page
    .locator('[id]')
    .evaluateAll((elements) => elements.map((element) => (element as { id?: string }).id));
  return {
    title: await page.title(),
    lang: await page.locator(':root').getAttribute('lang'),
    viewport: await page.locator('meta[name=viewport]').getAttribute('content'),
    h1: await count('h1'),
    main: await count('main'),
    scripts: await count('script'),
    inlineStyles: await count('style, [style]'),
    picturesWithoutSize: await count('img:not([width][height])'),
    picturesWithoutAlternative: await count('img:not([alt])'),
    repeatedIds: ids.filter((id, index) => ids.indexOf(id) !== index),
  };
}
