import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import { type Environment, environment } from '../../src/lib/config/config.ts';

// The headless shell is the same engine without the parts of a desktop browser: it needs less than half of the CPU time.
const NAMES = ['chromium-headless-shell', 'chrome-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];

/** The size of a new window. */
export const WINDOW = { width: 1280, height: 900 };

const ARGUMENTS = [
  // Chromium does not run as root with its sandbox. It opens pages of this project only.
  '--no-sandbox',
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // An animation of the scroll position is drawn frame by frame: a third of the CPU time of a journey.
  '--disable-smooth-scrolling',
];

/** A browser. Disposing it closes all its windows. */
export type TestBrowser = AsyncDisposable & {
  /** A new browser context, without cookies. */
  readonly newContext: (options?: BrowserContextOptions) => Promise<BrowserContext>;
};

/**
 * Starts the installed Chromium.
 *
 * @throws {Error} when it is not installed; the message names the package
 */
export async function startBrowser(): Promise<TestBrowser> {
  const browser: Browser = await chromium.launch({ executablePath: findChromium(environment()), args: ARGUMENTS });
  return {
    newContext: async (options) => {
      const context = await browser.newContext({ viewport: WINDOW, ...options });
      // A limit that only ends a hang.
      context.setDefaultTimeout(60_000);
      return context;
    },
    [Symbol.asyncDispose]: async () => await browser.close(),
  };
}

/**
 * Finds Chromium: at the path in CHROMIUM, otherwise on the PATH, the headless shell first.
 *
 * @throws {Error} when it is not installed; the message names the package
 */
export function findChromium(env: Environment): string {
  const { CHROMIUM, PATH = '' } = env;
  if (CHROMIUM !== undefined && CHROMIUM !== '') {
    if (isExecutable(CHROMIUM)) return CHROMIUM;
    throw new Error(
      `CHROMIUM=${CHROMIUM} is not an executable file: set it to the path of a Chromium or Chrome, or leave it empty`,
    );
  }
  const folders = PATH.split(delimiter).filter((folder) => folder !== '');
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    'Chromium is not installed: install it (Debian: apt-get install chromium), or set CHROMIUM to the path of a Chrome',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
