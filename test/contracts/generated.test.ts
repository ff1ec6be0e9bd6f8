import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { runBuf, temporaryFolder } from './buf.ts';

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

describe('src/genproto', () => {
  using temporary = temporaryFolder();
  const generation = runBuf(['generate', '-o', temporary.path]);
  const generated = join(temporary.path, 'src', 'genproto');
  const expected = new Map(
    generation.code === 0 ? filesBelow(generated).map((file) => [file, readFileSync(join(generated, file))]) : [],
  );
  const checkedIn = projectPath('src', 'genproto');

  it('can be generated', () => {
    expect(generation).toMatchObject({ code: 0 });
    expect(expected.size).toBeGreaterThan(10);
  });

  it('has exactly the generated files', () => {
    expect(filesBelow(checkedIn)).toEqual([...expected.keys()]);
  });

  it('is identical to the generated files; `make generate` updates it', () => {
    const stale = [...expected].filter(([file, bytes]) => !bytes.equals(readFileSync(join(checkedIn, file))));
    expect(stale.map(([file]) => file)).toEqual([]);
  });
});
