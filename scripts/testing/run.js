// Runs the tests and checks: `node scripts/testing/run.js` all of them, `... unit` those that need nothing but Node,
// `... check` the checks alone.
const { relative } = require('node:path');
const { check, run, runTool } = require('./jobs.js');
const { reportOf } = require('./report.js');
const { CONTAINER_ENGINE, IMAGES_CONFIG, ROOT, TOOLS } = require('./tools.js');

const IMAGES = ['--ci', '--config', IMAGES_CONFIG];
// How with-docker.sh --report ends when there is no container engine and none can be started.
const NO_ENGINE = 3;

/** Says in one message what the run needs, what it will install and what is missing. Returns the tools with the way to install each. */
function announce() {
  const plan = TOOLS.map((tool) => ({ ...tool, way: tool.isHere() ? 'here' : tool.with() || undefined }));
  const describe = ({ way }) =>
    way === 'here' ? 'here' : way === undefined ? 'MISSING' : `will be installed with ${way}`;
  const width = Math.max(...plan.map(({ name }) => name.length));
  process.stdout.write(
    [
      'In addition to Node, the tests use:',
      ...plan.map((tool) => `  ${tool.name.padEnd(width)}  ${describe(tool)}`),
      '',
    ].join('\n'),
  );
  const isComplete = plan.every(({ way }) => way !== undefined);
  if (!isComplete) process.stdout.write('Tests that need what is missing will not run.\n');
  return plan;
}

/** Installs what is not here. Returns the tools that are missing after that. */
async function install(plan) {
  const missing = plan.filter(({ way }) => way === undefined).map((tool) => ({ ...tool, why: 'missing here' }));
  const scripts = new Set(
    plan.flatMap(({ way, install }) => (way === undefined || way === 'here' || install === undefined ? [] : [install])),
  );
  for (const script of scripts) {
    const { status, output } = await run('sh', [script], { quiet: true });
    if (status === 0) continue;
    process.stdout.write(output);
    missing.push(
      ...plan
        .filter((tool) => tool.install === script && !tool.isHere())
        .map((tool) => ({ ...tool, why: 'could not be installed' })),
    );
  }
  return missing;
}

/** The test files that depend on the modules through which tests use a tool, as paths from the root. */
async function testsThatUse({ usedBy, config = 'jest.config.js' }) {
  const args = ['--config', config, '--listTests', '--findRelatedTests', ...usedBy];
  const { status, output } = await runTool('jest', args, { quiet: true });
  if (status !== 0) throw new Error(`jest cannot list the tests: ${output}`);
  return output
    .split('\n')
    .filter((line) => /\.test\.tsx?$/.test(line))
    .map((path) => relative(ROOT, path));
}

/** What did not run, by tool: `{ name, why, files }`. */
async function testsWithout(missing) {
  return await Promise.all(
    missing.map(async (tool) => ({ name: tool.name, why: tool.why, files: await testsThatUse(tool) })),
  );
}

/** Runs the tests of the images, unless there is no container engine. */
async function testImages(missing) {
  if (missing.some(({ name }) => name === CONTAINER_ENGINE)) return { failures: [], notRun: [], output: '' };
  const args = ['scripts/images/with-docker.sh', '--report', 'node_modules/.bin/jest', ...IMAGES];
  const { status, output } = await run('sh', args, { quiet: true });
  if (status === 0) return { failures: [], notRun: [], output };
  if (status !== NO_ENGINE) return { failures: ['images'], notRun: [], output };
  const notRun = await testsWithout(TOOLS.filter(({ name }) => name === CONTAINER_ENGINE));
  return { failures: [], notRun: notRun.map((part) => ({ ...part, why: 'could not be started' })), output };
}

async function runAll() {
  const plan = announce();
  // Installing mostly waits for downloads, so what needs only Node runs in parallel.
  const [missing, nodeOnly] = await Promise.all([install(plan), runUnit()]);
  const notRun = await testsWithout(missing);
  const env = { ...process.env, TESTS_NOT_RUN: notRun.flatMap(({ files }) => files).join('\n') };
  // The tests of containers mostly wait, so they run in parallel with the others.
  const [full, images] = await Promise.all([
    runTool('jest', ['--ci', '--selectProjects', 'full'], { env }),
    testImages(missing),
  ]);
  process.stdout.write(images.output);
  return {
    failures: [...nodeOnly.failures, ...(full.status === 0 ? [] : ['jest: full']), ...images.failures],
    notRun: [...notRun, ...images.notRun],
  };
}

async function runUnit() {
  const [checkFailures, jest] = await Promise.all([check(), runTool('jest', ['--ci', '--selectProjects', 'unit'])]);
  return { failures: [...checkFailures, ...(jest.status === 0 ? [] : ['jest: unit'])], notRun: [] };
}

async function runCheck() {
  return { failures: await check(), notRun: [] };
}

async function main() {
  const runPart = { unit: runUnit, check: runCheck }[process.argv[2]] ?? runAll;
  const { failures, notRun } = await runPart();
  const { lines, status } = reportOf({
    failures,
    notRun,
    isBuildServer: !['', '0', 'false'].includes(process.env.CI ?? ''),
  });
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exit(status);
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
