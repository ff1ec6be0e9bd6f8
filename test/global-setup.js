const { execFile } = require('node:child_process');
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');
const { isPostgresInstalled, startPostgres } = require('../src/lib/testing/postgres-server.ts');

/**
 * Prepares a test run: compiles the project for the tests that run it as real processes, starts the PostgreSQL server that
 * test files create their databases on, and makes the folder of renderings.
 */
module.exports = async function globalSetup() {
  await Promise.all([compile(), startSharedPostgres()]);
  // test/manifests/kustomize.ts keeps there what it rendered, for the other test files of this run.
  process.env.RENDERINGS_DIR = mkdtempSync(path.join(tmpdir(), 'mercato-renderings-'));
};

async function compile() {
  const root = path.join(__dirname, '..');
  try {
    await promisify(execFile)(path.join(root, 'node_modules', '.bin', 'tsc'), ['--project', 'tsconfig.build.json'], {
      cwd: root,
    });
  } catch (error) {
    throw new Error(`the project does not compile:\n${error.stdout}`, { cause: error });
  }
}

async function startSharedPostgres() {
  if (!isPostgresInstalled()) return;
  // No test of the shared server restarts it, so nothing needs to be on disk.
  const server = await startPostgres({ settings: ['fsync=off', 'max_connections=200'] });
  globalThis.sharedPostgres = server;
  process.env.TEST_POSTGRES_PORT = String(server.port);
}
