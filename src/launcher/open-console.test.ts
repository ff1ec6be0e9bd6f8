import { ConfigError } from '../lib/config/config.ts';
import { freePort } from '../lib/testing/free-port.ts';
import { openConsole } from './open-console.ts';

describe('the port of the console', () => {
  it('gives its default port to the storefront when CONSOLE_PORT is not set', async () => {
    const port = await freePort();
    await using shopConsole = await openConsole({ port, isAsked: false }, port);
    expect(shopConsole?.address).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(shopConsole?.address).not.toBe(`127.0.0.1:${port}`);
  });

  it('reports a problem when CONSOLE_PORT names the port of the storefront', async () => {
    const port = await freePort();
    const open = async (): Promise<void> => {
      await using _console = await openConsole({ port, isAsked: true }, port);
    };
    await expect(open()).rejects.toThrow(ConfigError);
  });

  it('is CONSOLE_PORT, or a free port when CONSOLE_PORT is 0', async () => {
    const port = await freePort();
    await using asked = await openConsole({ port, isAsked: true }, 0);
    expect(asked?.address).toBe(`127.0.0.1:${port}`);
    await using any = await openConsole({ port: 0, isAsked: true }, 0);
    expect(any?.address).toMatch(/:\d+$/);
  });
});
