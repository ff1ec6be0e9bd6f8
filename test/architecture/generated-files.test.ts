import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { applyArtifacts } from '../../tools/generate/artifact.ts';
import { generatedFiles, staleAmong } from '../../tools/generate/generated-files.ts';

describe('make generate', () => {
  it('has nothing to renew: run `make generate` and commit the files listed here', async () => {
    const stale = staleAmong(await generatedFiles(projectPath()), projectPath());
    expect(stale.map(({ path }) => path)).toEqual([]);
  });
});

describe('a generated region', () => {
  const text = [
    'env:',
    '  # generated: addresses, by make generate',
    '  - old',
    '  # /generated: addresses',
    'rest',
    '',
  ];
  const read = () => text.join('\n');

  it('is replaced between its markers, at the indentation of the markers', () => {
    const [file] = applyArtifacts([{ path: 'a.yaml', region: 'addresses', lines: ['- new', '- newer'] }], read);
    expect(file).toEqual({
      path: 'a.yaml',
      text: [...text.slice(0, 2), '  - new', '  - newer', ...text.slice(3)].join('\n'),
    });
  });

  it('may be empty', () => {
    const [file] = applyArtifacts([{ path: 'a.yaml', region: 'addresses', lines: [] }], read);
    expect(file?.text).toBe([...text.slice(0, 2), ...text.slice(3)].join('\n'));
  });

  it('is an error when the file does not have it', () => {
    expect(() => applyArtifacts([{ path: 'a.yaml', region: 'address', lines: ['- new'] }], read)).toThrow(
      'a.yaml has no region "generated: address"',
    );
  });
});
