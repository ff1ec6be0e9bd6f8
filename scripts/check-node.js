// Runs before anything else is loaded: it keeps to syntax and modules that Node 6 already has.

const parts = (version) => version.replace(/^\D*/, '').split('.').map(Number);

/** What to print when `version` is older than `engines` (such as `>=20.18`) allows; undefined when it is new enough. */
function nodeProblem(version, engines) {
  const have = parts(version);
  const need = parts(engines);
  const decisive = need.findIndex((part, index) => have[index] !== part);
  if (decisive < 0 || have[decisive] > need[decisive]) return undefined;
  return `Mercato needs Node ${need.join('.')} or later; this is ${version}.\nHow to install it: https://nodejs.org/en/download`;
}

module.exports = { nodeProblem };

if (require.main === module) {
  const problem = nodeProblem(process.version, require('../package.json').engines.node);
  if (problem !== undefined) {
    process.stderr.write(`${problem}\n`);
    process.exit(1);
  }
}
