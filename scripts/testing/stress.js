// Runs the whole suite `RUNS` times (default 3) while one busy process per core competes with it: a test whose verdict
// depends on the machine's speed fails here.
const { fork } = require('node:child_process');
const { availableParallelism } = require('node:os');
const { run } = require('./jobs.js');

if (process.argv[2] === 'busy') for (;;);

async function main() {
  const runs = Number(process.env.RUNS || 3);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`RUNS=${process.env.RUNS}: expected a whole number from 1`);
  const busy = Array.from({ length: availableParallelism() }, () => fork(__filename, ['busy']));
  process.once('exit', () => {
    for (const child of busy) child.kill('SIGKILL');
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  const failed = [];
  for (let number = 1; number <= runs; number += 1) {
    const startedAt = performance.now();
    const { status } = await run(process.execPath, ['scripts/testing/run.js', ...process.argv.slice(2)]);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    if (status !== 0) failed.push(number);
    process.stdout.write(`stress run ${number} of ${runs}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s\n`);
  }
  process.stdout.write(`${runs - failed.length} passed, ${failed.length} failed\n`);
  process.exit(failed.length === 0 ? 0 : 1);
}

main();
