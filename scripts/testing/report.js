/**
 * The last lines of a test run and its exit status. A part that did not run because a tool is missing is named and its
 * test files are counted; on a build server it fails the run, because what did not run was not proven.
 */
function reportOf({ failures, notRun, isBuildServer }) {
  const lines = notRun.map(({ name, why, files }) => {
    const list = files.map((file) => `  ${file}`).join('\n');
    return `Not run, ${files.length} test files (${name}: ${why}):\n${list}`;
  });
  const failed = notRun.length > 0 && isBuildServer ? [...failures, 'parts that did not run'] : failures;
  const last = failed.length > 0 ? `Failed: ${failed.join(', ')}.` : 'All that ran passed.';
  return { lines: [...lines, last], status: failed.length > 0 ? 1 : 0 };
}

module.exports = { reportOf };
