const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

/** Compiles the project once, before the tests that run it as real processes. */
module.exports = async function compileOnce() {
  const root = join(__dirname, '..');
  execFileSync(join(root, 'node_modules', '.bin', 'tsc'), ['--project', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  });
};
