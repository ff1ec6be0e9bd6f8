import { projectPath } from '../../src/lib/runtime/project-root.ts';

type CheckNode = { readonly nodeProblem: (version: string, engines: string) => string | undefined };

describe('the check of the Node version', () => {
  const { nodeProblem } = jest.requireActual<CheckNode>(projectPath('scripts', 'check-node.js'));

  it.each(['v20.18.0', 'v20.19.1', 'v22.0.0', 'v100.1.0'])('accepts %s where 20.18 is needed', (version) => {
    expect(nodeProblem(version, '>=20.18')).toBeUndefined();
  });

  it.each(['v20.17.9', 'v18.20.8', 'v9.99.0'])('refuses %s and says what is needed', (version) => {
    expect(nodeProblem(version, '>=20.18')).toMatch(
      new RegExp(
        `^Mercato needs Node 20\\.18 or later; this is ${version.replaceAll('.', '\\.')}\\.\\n.*https://nodejs`,
      ),
    );
  });
});
