import { existsSync } from 'node:fs';
import { projectPath } from '../../src/lib/runtime/project-root.ts';

type NotRun = { readonly name: string; readonly why: string; readonly files: readonly string[] };
type Outcome = {
  readonly failures: readonly string[];
  readonly notRun: readonly NotRun[];
  readonly isBuildServer: boolean;
};
type Report = {
  readonly reportOf: (outcome: Outcome) => { readonly lines: readonly string[]; readonly status: number };
};
type Tools = { readonly TOOLS: readonly { readonly name: string; readonly usedBy: readonly string[] }[] };

const script = <T extends object>(name: string): T => jest.requireActual<T>(projectPath('scripts', 'testing', name));

describe('the report of a test run', () => {
  const { reportOf } = script<Report>('report.js');
  const withoutEnvoy = { name: 'Envoy', why: 'missing here', files: ['a.test.ts', 'b.test.ts'] };

  it('succeeds when everything ran and passed', () => {
    expect(reportOf({ failures: [], notRun: [], isBuildServer: true })).toEqual({
      lines: ['All that ran passed.'],
      status: 0,
    });
  });

  it('names and counts the test files that did not run, and still succeeds on a laptop', () => {
    expect(reportOf({ failures: [], notRun: [withoutEnvoy], isBuildServer: false })).toEqual({
      lines: ['Not run, 2 test files (Envoy: missing here):\n  a.test.ts\n  b.test.ts', 'All that ran passed.'],
      status: 0,
    });
  });

  it('fails on a build server when a part did not run', () => {
    const { lines, status } = reportOf({ failures: [], notRun: [withoutEnvoy], isBuildServer: true });
    expect(status).toBe(1);
    expect(lines.at(-1)).toBe('Failed: parts that did not run.');
  });

  it('fails when a check or a test failed', () => {
    const { lines, status } = reportOf({ failures: ['biome', 'jest'], notRun: [], isBuildServer: false });
    expect(status).toBe(1);
    expect(lines).toEqual(['Failed: biome, jest.']);
  });
});

describe('the tools of the test run', () => {
  const { TOOLS } = script<Tools>('tools.js');

  it.each(TOOLS)('are reached through modules that exist: $name', ({ usedBy }) => {
    expect(usedBy.filter((path) => !existsSync(projectPath(path)))).toEqual([]);
    expect(usedBy).not.toEqual([]);
  });
});
