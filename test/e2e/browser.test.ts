import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findChromium } from './browser.ts';

describe('finding Chromium', () => {
  let folder: string;
  let desktop: string;
  let headless: string;
  let own: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mercato-browser-'));
    const program = async (...path: string[]): Promise<string> => {
      const file = join(folder, ...path);
      await mkdir(join(file, '..'), { recursive: true });
      await writeFile(file, '#!/bin/sh\n');
      await chmod(file, 0o755);
      return file;
    };
    desktop = await program('desktop', 'chromium');
    await program('desktop', 'google-chrome');
    headless = await program('headless', 'chromium-headless-shell');
    own = await program('own', 'my-chrome');
  });

  afterAll(async () => await rm(folder, { recursive: true }));

  const pathOf = (...names: string[]): string => names.map((name) => join(folder, name)).join(delimiter);

  it('returns the program that CHROMIUM names', () => {
    expect(findChromium({ CHROMIUM: own, PATH: pathOf('desktop', 'headless') })).toBe(own);
  });

  it('returns a program on the PATH with one of its usual names', () => {
    expect(findChromium({ CHROMIUM: '', PATH: pathOf('missing', 'desktop') })).toBe(desktop);
  });

  it('prefers the headless shell to a desktop browser', () => {
    expect(findChromium({ PATH: pathOf('desktop', 'headless') })).toBe(headless);
  });

  it('names the package to install when there is none', () => {
    expect(() => findChromium({ PATH: pathOf('missing') })).toThrow('apt-get install chromium');
  });

  it('names the variable when CHROMIUM is not a program', () => {
    const missing = join(folder, 'missing');
    expect(() => findChromium({ CHROMIUM: missing, PATH: pathOf('desktop') })).toThrow(`CHROMIUM=${missing}`);
  });
});
