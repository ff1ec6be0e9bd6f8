import { GENERATED_INTO, generatedFiles } from '../../tools/observability/generated-files.ts';
import { pathsBelow, readSource } from '../architecture/source-files.ts';

const generated = generatedFiles();

describe('the dashboards, rules and alerts', () => {
  it.each(generated.map(({ path, text }) => [path, text]))('are checked in as generated: %s', (path, text) => {
    expect(readSource(path).text).toBe(text);
  });

  it('are the only files in their folders', () => {
    const there = ['dashboards', 'rules'].flatMap((folder) => pathsBelow(`${GENERATED_INTO}/${folder}`));
    expect(there).toEqual(generated.map(({ path }) => path).sort());
  });

  it('are the same on every run', () => {
    expect(generatedFiles()).toEqual(generated);
  });
});
