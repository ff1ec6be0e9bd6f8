const { rmSync } = require('node:fs');

/** Stops the server and removes the folder that global-setup.js made. */
module.exports = async function globalTeardown() {
  await globalThis.sharedPostgres?.[Symbol.asyncDispose]();
  rmSync(process.env.RENDERINGS_DIR, { recursive: true, force: true });
};
