import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findChromium } from './browser.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mercato-browser-'));
  for (const name of ['chromium', 'google-chrome', 'chrome-of-mine']) {
    await writeFile(join(folder, name), '#!/bin/sh\n');
    await chmod(join(folder, name), 0o755);
  }
});

afterAll(async () => await rm(folder, { recursive: true }));

describe('Chromium', () => {
  it('is the program that CHROMIUM names', () => {
    const own = join(folder, 'chrome-of-mine');
    expect(findChromium({ CHROMIUM: own, PATH: folder })).toBe(own);
  });

  it('is found on the PATH by its usual names', () => {
    expect(findChromium({ CHROMIUM: '', PATH: ['/nowhere', folder].join(delimiter) })).toBe(join(folder, 'chromium'));
  });

  it('is missing: the error names the package to install, or the variable', () => {
    expect(() => findChromium({ PATH: '/nowhere' })).toThrow('apt-get install chromium');
    expect(() => findChromium({ CHROMIUM: '/nowhere/chrome', PATH: folder })).toThrow('CHROMIUM=/nowhere/chrome');
  });
});
