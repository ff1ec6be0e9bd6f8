/**
 * Takes the pictures of the shop that the documents show, into docs/images. `make pictures` compiles the shop before it
 * runs this.
 */
const { execFileSync } = require('node:child_process');
const { mkdir, mkdtemp, rm } = require('node:fs/promises');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { chromium } = require('playwright-core');
const { startInOneProcess } = require('../dist/launcher/one-process.js');
const { environment } = require('../dist/lib/config.js');
const { createLogger } = require('../dist/lib/logger.js');
const { projectPath } = require('../dist/lib/project-root.js');
const { systemRuntime } = require('../dist/lib/runtime.js');
const { silentTracer } = require('../dist/lib/telemetry/tracing.js');

const IMAGES = projectPath('docs', 'images');
const DESKTOP = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, colorScheme: 'dark', isMobile: true };

async function takePictures() {
  const mailDirectory = await mkdtemp(join(tmpdir(), 'mercato-pictures-'));
  const shop = await startInOneProcess({
    env: { MAIL_DIR: mailDirectory },
    frontend: { host: '127.0.0.1', port: 0 },
    runtimeOf: (service) => {
      const identity = { service, version: 'pictures' };
      return systemRuntime({ ...identity, log: createLogger(identity, { level: 'error' }), tracer: silentTracer() });
    },
  });
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--headless', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  try {
    await mkdir(IMAGES, { recursive: true });
    const url = `http://${shop.frontendAddress}`;
    await photograph(browser, 'home.jpg', DESKTOP, async (page) => await visit(page, url));
    await photograph(browser, 'phone.jpg', PHONE, async (page) => await visit(page, url));
    await photograph(browser, 'order.jpg', DESKTOP, async (page) => await order(page, url));
  } finally {
    await browser.close();
    await shop[Symbol.asyncDispose]();
    await rm(mailDirectory, { recursive: true, force: true });
  }
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
  for (const [product, quantity] of [
    ['6E92ZMYYFZ', '2'],
    ['LS4PSXUNUM', '1'],
  ]) {
    await visit(page, `${url}/product/${product}`);
    await page.getByLabel('Quantity').selectOption(quantity);
    await page.getByRole('button', { name: 'Add to cart' }).click();
  }
  await page.getByRole('button', { name: /^Place order/ }).click();
  await page.waitForURL('**/order/*');
}

function findChromium() {
  const candidates = ['chromium', 'chromium-browser', 'google-chrome'];
  const { CHROMIUM } = environment();
  if (CHROMIUM) return CHROMIUM;
  return execFileSync('sh', ['-c', candidates.map((name) => `command -v ${name}`).join(' || ')], {
    encoding: 'utf8',
  }).trim();
}

void takePictures();
