import { GENERATED_INTO, generatedFiles } from '../../tools/observability/generated-files.ts';
import { pathsBelow, readSource } from '../architecture/source-files.ts';

const generated = generatedFiles();

describe('the dashboards, rules and alerts', () => {
  it.each(generated.map(({ path, text }) => [path, text]))('is what is checked in: %s', (path, text) => {
    expect(readSource(path).text).toBe(text);
  });

  it('is all there is in its folders', () => {
    const there = ['dashboards', 'rules'].flatMap((folder) => pathsBelow(`${GENERATED_INTO}/${folder}`));
    expect(there).toEqual(generated.map(({ path }) => path).sort());
  });

  it('is the same every time', () => {
    expect(generatedFiles()).toEqual(generated);
  });
});
