// Runs the lessons of the mesh in the current cluster, one after another, and reports for each whether its checks hold
// and how many pages failed while it was applied and undone. Needs the shop in the mesh, as docs/mesh.md installs it.
//
//   node scripts/mesh/run-lessons.js            all of them
//   node scripts/mesh/run-lessons.js 05 12      these
//
// Pages are counted for --propagation-ms (5000) after the last command of each list: proxies receive it within that time.
const { execFileSync, spawnSync } = require('node:child_process');
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { parse } = require('yaml');
const { watchPages } = require('./page-watch.js');

const PAGES = join(__dirname, '../../docs/lessons');
/** How long a check may fail before the lesson fails: proxies receive changes within seconds, pods start within a minute. */
const CHECK_TIMEOUT_MS = 60_000;
const CHECK_INTERVAL_MS = 2000;
const COMMAND_TIMEOUT_MS = 180_000;
/** Characters of a command's output that a report quotes. */
const MAX_QUOTED = 600;

const { positionals: wanted, values } = parseArgs({
  allowPositionals: true,
  options: { 'propagation-ms': { type: 'string', default: '5000' } },
});
const propagationMs = Number(values['propagation-ms']);
const names = readdirSync(PAGES)
  .filter((file) => /^\d\d-.*\.md$/.test(file))
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.startsWith(name)))
  .sort();

let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    isStopped = true;
  });
}

/** Whether a signal has arrived. Commands block the event loop, so signals are seen between two commands only. */
async function isInterrupted() {
  await new Promise((resolve) => setImmediate(resolve));
  return isStopped;
}

/** Runs one command of a lesson's page in the project's folder. */
function run(command) {
  const { status, stdout, stderr, error } = spawnSync('sh', ['-c', command], {
    cwd: join(__dirname, '../..'),
    encoding: 'utf8',
    timeout: COMMAND_TIMEOUT_MS,
  });
  if (error !== undefined) throw error;
  return { status, output: `${stdout}${stderr}` };
}

function mustSucceed(command) {
  const { status, output } = run(command);
  if (status !== 0) throw new Error(`${command}\n  ended with ${status}: ${output.trim()}`);
}

/** Runs a check once. */
function tryCheck({ command, contains, matches, status = 0 }) {
  const seen = run(command);
  const holds =
    seen.status === status &&
    (contains === undefined || seen.output.includes(contains)) &&
    (matches === undefined || new RegExp(matches, 'm').test(seen.output));
  return { holds, seen };
}

/** Repeats a check until it holds. */
async function waitFor(check) {
  const giveUpAt = Date.now() + CHECK_TIMEOUT_MS;
  for (;;) {
    const { holds, seen } = tryCheck(check);
    if (holds) return;
    if (await isInterrupted()) throw new Error('interrupted');
    if (Date.now() > giveUpAt) {
      const expected = check.contains ?? check.matches ?? `status ${check.status ?? 0}`;
      throw new Error(
        `${check.command}\n  expected: ${expected}\n  seen (${seen.status}): ${seen.output.trim().slice(0, MAX_QUOTED)}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, CHECK_INTERVAL_MS));
  }
}

/** Runs one lesson and undoes it, also after a failure. Returns what failed, and the pages that failed meanwhile. */
async function runLesson(file) {
  const lesson = parse(readFileSync(join(PAGES, file), 'utf8').split(/^---$/m)[1]);
  const errors = [];
  const attempt = async (action) => {
    try {
      await action();
    } catch (error) {
      errors.push(error);
    }
  };
  const commands = async (list) => {
    for (const command of list) {
      mustSucceed(command);
      if (await isInterrupted()) throw new Error('interrupted');
    }
  };

  const endApplyWatch = await watchPages(propagationMs);
  await attempt(() => commands(lesson.apply));
  const whileApplied = await endApplyWatch();
  if (errors.length === 0) {
    await attempt(async () => {
      await commands(lesson.do);
      for (const check of lesson.expect) await waitFor(check);
    });
  }
  const endUndoWatch = await watchPages(propagationMs);
  for (const command of lesson.undo) await attempt(() => mustSucceed(command));
  return { errors, whileApplied, whileUndone: await endUndoWatch() };
}

function print(line) {
  process.stdout.write(`${line}\n`);
}

async function main() {
  execFileSync('kubectl', ['wait', 'deployment', '--all', '--for=condition=Available', '--timeout=120s'], {
    stdio: 'ignore',
  });
  let failed = 0;
  for (const file of names) {
    if (await isInterrupted()) break;
    const start = Date.now();
    const { errors, whileApplied, whileUndone } = await runLesson(file);
    const seconds = Math.round((Date.now() - start) / 1000);
    print(`${errors.length === 0 ? 'passed' : 'FAILED'} ${file} (${seconds} s)`);
    print(`  applied: ${whileApplied}; undone: ${whileUndone}`);
    if (errors.length > 0) failed += 1;
    for (const { message } of errors) print(`  ${message.replaceAll('\n', '\n  ')}`);
  }
  process.exitCode = failed === 0 ? 0 : 1;
  if (isStopped) process.exitCode = 130;
}

void main();
