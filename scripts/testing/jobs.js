const { spawn } = require('node:child_process');
const { join } = require('node:path');
const { ROOT } = require('./tools.js');

/** Runs a command and resolves with its exit status and, when `quiet`, with what it printed instead of showing it. */
function run(command, args, { quiet = false, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ status: code ?? `killed by ${signal}`, output }));
  });
}

// Packages by the name of their program where the two differ.
const PACKAGE_OF = { biome: '@biomejs/biome', tsc: 'typescript' };

/** Runs a program of a development dependency by Node itself: the links in node_modules/.bin do not run on Windows. */
function runTool(name, args, options) {
  const folder = join(ROOT, 'node_modules', PACKAGE_OF[name] ?? name);
  const { bin } = require(join(folder, 'package.json'));
  return run(process.execPath, [join(folder, typeof bin === 'string' ? bin : bin[name]), ...args], options);
}

/** Checks types, format and lint. Resolves with the names of the checks that failed; only their output is printed. */
async function check() {
  const commands = [
    // A second run checks only what has changed.
    ['tsc', ['--noEmit', '--incremental', '--tsBuildInfoFile', 'node_modules/.cache/tsc/check.tsbuildinfo']],
    ['biome', ['ci', '--error-on-warnings', '.']],
    ['oxlint', ['--type-aware', '--deny-warnings', 'src', 'test', 'tools']],
  ];
  const failures = [];
  // In sequence, because they share the processors with jest.
  for (const [name, args] of commands) {
    const { status, output } = await runTool(name, args, { quiet: true });
    if (status === 0) continue;
    process.stderr.write(`${name}:\n${output}\n`);
    failures.push(name);
  }
  return failures;
}

module.exports = { check, run, runTool };
