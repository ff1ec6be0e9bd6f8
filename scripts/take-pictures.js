/**
 * Takes the screenshots in docs/images of the shop and its console. `make pictures` compiles the
 * shop before it runs this.
 */
const { execFileSync } = require('node:child_process');
const { mkdir } = require('node:fs/promises');
const { join } = require('node:path');
const { chromium } = require('playwright-core');
const { environment } = require('../dist/lib/config/config.js');
const { projectPath } = require('../dist/lib/runtime/project-root.js');
const { openShop } = require('./launched-shop.js');

const IMAGES = projectPath('docs', 'images');
const DESKTOP = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' };
const WIDE = { viewport: { width: 1280, height: 760 }, colorScheme: 'light' };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, colorScheme: 'dark', isMobile: true };
const DECLINED = '4000000000000002';

async function takePictures() {
  const shop = await openShop({ CONSOLE_PORT: '0' });
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--headless', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  try {
    await mkdir(IMAGES, { recursive: true });
    const url = `http://${shop.address}`;
    await photograph(browser, 'home.jpg', DESKTOP, async (page) => await visit(page, url));
    await photograph(browser, 'phone.jpg', PHONE, async (page) => await visit(page, url));
    await photograph(browser, 'order.jpg', DESKTOP, async (page) => await order(page, url));
    await photographConsole(browser, `http://${shop.consoleAddress}`, url);
  } finally {
    await browser.close();
    await shop.close();
  }
}

async function photographConsole(browser, consoleUrl, url) {
  const context = await browser.newContext(DESKTOP);
  const shopper = await context.newPage();
  // Another currency than the catalogue's, so that a checkout calls eight services.
  await context.request.post(`${url}/setCurrency`, { form: { currency_code: 'EUR' } });
  for (let round = 0; round < 8; round += 1) await order(shopper, url);
  await decline(shopper, url);
  await order(shopper, url);
  await context.close();
  await photograph(browser, 'console-traces.jpg', WIDE, async (page) => await showCheckouts(page, consoleUrl, 10));
  await photograph(browser, 'console-trace.jpg', DESKTOP, async (page) => {
    await showCheckouts(page, consoleUrl, 10);
    await page.getByRole('link', { name: 'POST /cart/checkout' }).first().click();
    await page.locator('summary', { hasText: 'PaymentService/Charge' }).last().click();
  });
  await photograph(browser, 'console-services.jpg', WIDE, async (page) => await visit(page, `${consoleUrl}/services`));
}

/** Waits until the list of traces has that many checkouts, the newest with its mail. */
async function showCheckouts(page, consoleUrl, count) {
  for (let looks = 0; looks < 100; looks += 1) {
    await visit(page, consoleUrl);
    const [newest = '', ...others] = (await page.locator('tbody tr').allInnerTexts()).map((text) =>
      text.replaceAll(/\s+/g, ' '),
    );
    const checkouts = others.filter((text) => text.startsWith('POST /cart/checkout'));
    // The storefront's spans arrive last; before them the trace has another root.
    if (/^(?:GET|POST)/.test(newest) && checkouts.length >= count && / 8 /.test(checkouts[0])) return;
    await page.waitForTimeout(200);
  }
  throw new Error('the console never had all checkouts');
}

async function photograph(browser, name, look, open) {
  const context = await browser.newContext(look);
  const page = await context.newPage();
  await open(page);
  await page.screenshot({ path: join(IMAGES, name), type: 'jpeg', quality: 80 });
  await context.close();
  process.stdout.write(`docs/images/${name}\n`);
}

async function visit(page, url) {
  const response = await page.goto(url);
  if (response?.status() !== 200) throw new Error(`${url} answered ${response?.status()}`);
}

async function order(page, url) {
  await fillCart(page, url);
  await page.getByRole('button', { name: /^Place order/ }).click();
  await page.waitForURL('**/order/*');
}

async function decline(page, url) {
  await fillCart(page, url);
  await page.getByLabel('Card number').fill(DECLINED);
  await page.getByRole('button', { name: /^Place order/ }).click();
  await page.getByText('This card was declined').first().waitFor();
}

async function fillCart(page, url) {
  for (const [product, quantity] of [
    ['6E92ZMYYFZ', '2'],
    ['LS4PSXUNUM', '1'],
  ]) {
    await visit(page, `${url}/product/${product}`);
    await page.getByLabel('Quantity').selectOption(quantity);
    await page.getByRole('button', { name: 'Add to cart' }).click();
  }
}

function findChromium() {
  const candidates = [
    'chromium-headless-shell',
    'chrome-headless-shell',
    'chromium',
    'chromium-browser',
    'google-chrome',
  ];
  const { CHROMIUM } = environment();
  if (CHROMIUM) return CHROMIUM;
  return execFileSync('sh', ['-c', candidates.map((name) => `command -v ${name}`).join(' || ')], {
    encoding: 'utf8',
  }).trim();
}

void takePictures();
