const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const SCRIPT = readFileSync(join(__dirname, 'count-pages.js'), 'utf8');

/**
 * Requests pages from a pod in the mesh, through its proxy, while something else happens. Resolves once the first page was
 * requested, with a function that ends the watch and returns what it counted, such as `0 of 140 pages failed`.
 *
 * @param propagationMs how much longer pages are counted: proxies receive a change within this time
 */
async function watchPages(propagationMs) {
  const child = spawn(
    'kubectl',
    [
      'exec',
      '-i',
      'deployment/loadgenerator',
      '-c',
      'loadgenerator',
      '--',
      '/nodejs/bin/node',
      '-e',
      SCRIPT,
      'http://frontend/',
    ],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  // kubectl may end early: the report then lacks the count.
  child.stdin.on('error', () => {});
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const closed = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), closed]);
  return async () => {
    if (child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, propagationMs));
    child.stdin.end();
    await closed;
    return /^\d+ of \d+ pages failed$/m.exec(output)?.[0] ?? 'pages were not counted';
  };
}

module.exports = { watchPages };
