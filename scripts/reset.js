// Deletes the stored data of the shop and says what it deleted.
const { existsSync, readdirSync, rmSync, statSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { environment } = require('../dist/lib/config/config.js');
const { storeVariables } = require('../dist/lib/process/process-config.js');

// Only files that the shop wrote: DATA_DIR may be a folder with other contents.
const DATABASE_FILES = ['data.mdb', 'lock.mdb'];

const folder = storeVariables.DATA_DIR.parse(environment().DATA_DIR || undefined);
const services = existsSync(folder) ? readdirSync(folder) : [];
let deleted = 0;
for (const service of services) {
  const files = DATABASE_FILES.map((name) => join(folder, service, name)).filter((path) => existsSync(path));
  if (files.length === 0) continue;
  const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0);
  for (const path of files) rmSync(path);
  deleted += 1;
  process.stdout.write(`deleted the data of ${service}: ${(bytes / 1024).toFixed(0)} kB\n`);
}
if (deleted === 0) process.stdout.write(`nothing to delete: ${resolve(folder)} has no data of the shop\n`);
