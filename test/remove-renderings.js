const { rmSync } = require('node:fs');

/** Removes the folder that compile-once.js made. */
module.exports = async function removeRenderings() {
  rmSync(process.env.RENDERINGS_DIR, { recursive: true, force: true });
};
