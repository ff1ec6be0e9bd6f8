import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { projectPath } from '../../lib/runtime/project-root.ts';
import { type FakeShop, startFakeShop } from '../fake-shop.testing.ts';
import { startTestFrontend, type TestFrontend } from '../shopper.testing.ts';

const MAX_PICTURE_BYTES = 150_000;
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const pathOf = (file: string): string => projectPath('src', 'frontend', 'static', file);
const files = readdirSync(pathOf(''), { recursive: true, encoding: 'utf8' }).filter((file) => extname(file) !== '');

describe('the assets of the storefront', () => {
  let shop: FakeShop;
  let frontend: TestFrontend;

  beforeAll(async () => {
    shop = await startFakeShop();
    frontend = await startTestFrontend(shop);
  });

  afterAll(async () => {
    await frontend?.[Symbol.asyncDispose]();
    await shop?.[Symbol.asyncDispose]();
  });

  it.each(files)('include %s with its content type, which a browser may cache and revalidate', async (file) => {
    const url = `${frontend.url}/static/${file}`;
    const response = await fetch(url);
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(readFileSync(pathOf(file)));
    expect(response.headers.get('content-type')).toBe(CONTENT_TYPES[extname(file)]);
    expect(response.headers.get('cache-control')).toMatch(/^public, max-age=[1-9]\d{3,}/);
    // By default fetch adds no-cache to a conditional request.
    const headers = { 'if-none-match': response.headers.get('etag') ?? '', 'cache-control': 'max-age=0' };
    expect((await fetch(url, { headers })).status).toBe(304);
  });

  it(`have at most ${MAX_PICTURE_BYTES} bytes of pictures in total`, () => {
    const sizes = files.filter((file) => extname(file) === '.svg').map((file) => statSync(pathOf(file)).size);
    expect(sizes.length).toBeGreaterThan(10);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MAX_PICTURE_BYTES);
  });
});
