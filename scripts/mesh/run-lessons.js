// Takes the lessons of the mesh in the current cluster, one after another, and says of each whether what it promises was
// seen. Needs the shop in the mesh, as docs/mesh.md puts it there.
//
//   node scripts/mesh/run-lessons.js            all of them
//   node scripts/mesh/run-lessons.js 05 12      these
const { execFileSync, spawnSync } = require('node:child_process');
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { parse } = require('yaml');

const PAGES = join(__dirname, '../../docs/lessons');
/** How long what was applied may take until it is seen: proxies are told within seconds, pods start within a minute. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 2000;
const COMMAND_LIMIT_MS = 180_000;
/** Of what was seen instead, as much as a person reads. */
const MAX_SAID = 600;

const wanted = process.argv.slice(2);
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

/** Whether somebody wants an end. A signal is heard between two commands: while one runs, nothing else does. */
async function isToStop() {
  await new Promise((resolve) => setImmediate(resolve));
  return isStopped;
}

/** Runs a command as it stands in the page. */
function run(command) {
  const { status, stdout, stderr, error } = spawnSync('sh', ['-c', command], {
    cwd: join(__dirname, '../..'),
    encoding: 'utf8',
    timeout: COMMAND_LIMIT_MS,
  });
  if (error !== undefined) throw error;
  return { status, said: `${stdout}${stderr}` };
}

function must(command) {
  const { status, said } = run(command);
  if (status !== 0) throw new Error(`${command}\n  ended with ${status}: ${said.trim()}`);
}

/** Whether a check holds, and what was seen instead. */
function look({ command, contains, matches, status = 0 }) {
  const seen = run(command);
  const holds =
    seen.status === status &&
    (contains === undefined || seen.said.includes(contains)) &&
    (matches === undefined || new RegExp(matches, 'm').test(seen.said));
  return { holds, seen };
}

async function until(check) {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const { holds, seen } = look(check);
    if (holds) return;
    if (await isToStop()) throw new Error('interrupted');
    if (Date.now() > giveUpAt) {
      const promised = check.contains ?? check.matches ?? `status ${check.status ?? 0}`;
      throw new Error(
        `${check.command}\n  promised: ${promised}\n  seen (${seen.status}): ${seen.said.trim().slice(0, MAX_SAID)}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** What went wrong with a lesson and its undo. Whatever happened, it is undone as far as that goes. */
async function take(file) {
  const lesson = parse(readFileSync(join(PAGES, file), 'utf8').split(/^---$/m)[1]);
  const errors = [];
  try {
    for (const command of [...lesson.apply, ...lesson.do]) {
      must(command);
      if (await isToStop()) throw new Error('interrupted');
    }
    for (const check of lesson.expect) await until(check);
  } catch (error) {
    errors.push(error);
  }
  for (const command of lesson.undo) {
    try {
      must(command);
    } catch (error) {
      errors.push(error);
    }
  }
  return errors;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

async function main() {
  execFileSync('kubectl', ['wait', 'deployment', '--all', '--for=condition=Available', '--timeout=120s'], {
    stdio: 'ignore',
  });
  let failed = 0;
  for (const file of names) {
    if (await isToStop()) break;
    const start = Date.now();
    const errors = await take(file);
    say(`${errors.length === 0 ? 'seen    ' : 'NOT SEEN'} ${file} (${Math.round((Date.now() - start) / 1000)} s)`);
    if (errors.length > 0) failed += 1;
    for (const { message } of errors) say(`  ${message.replaceAll('\n', '\n  ')}`);
  }
  process.exitCode = failed === 0 ? 0 : 1;
  if (isStopped) process.exitCode = 130;
}

void main();
