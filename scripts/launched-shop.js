// A shop for the scripts: runs the compiled launcher as a process.
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { environment } = require('../dist/lib/config/config.js');

const MAIN = join(__dirname, '..', 'dist', 'launcher', 'main.js');

/** Starts a shop. Returns its process, `host:port` of storefront and console, and a function that closes it. */
async function openShop(env) {
  const folder = mkdtempSync(join(tmpdir(), 'mercato-script-'));
  const quiet = {
    PORT: '0',
    CONSOLE_PORT: 'off',
    LOG_LEVEL: 'warn',
    DATA_DIR: join(folder, 'data'),
    MAIL_DIR: join(folder, 'mail'),
  };
  const child = spawn(process.execPath, [MAIN], {
    env: { ...environment(), ...quiet, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  const address = await new Promise((resolve, reject) => {
    const read = (chunk) => {
      text += chunk;
      const found = /Open {3}http:\/\/(\S+)\//.exec(text);
      if (!found || !/Stop {3}/.test(text)) return;
      child.stdout.off('data', read).resume();
      resolve(found[1]);
    };
    child.stdout.on('data', read);
    child.once('exit', () => reject(new Error(`the shop ended: ${text}`)));
  });
  const close = async () => {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  return { child, address, consoleAddress: /Watch {2}http:\/\/(\S+)\//.exec(text)?.[1], close };
}

module.exports = { openShop };
