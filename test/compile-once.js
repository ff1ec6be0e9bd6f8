const { execFileSync } = require('node:child_process');
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** Compiles the project once, before the tests that run it as real processes, and makes the folder of renderings. */
module.exports = async function compileOnce() {
  const root = join(__dirname, '..');
  execFileSync(join(root, 'node_modules', '.bin', 'tsc'), ['--project', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  // test/manifests/kustomize.ts keeps there what it rendered, for the other test files of this run.
  process.env.RENDERINGS_DIR = mkdtempSync(join(tmpdir(), 'mercato-renderings-'));
};
