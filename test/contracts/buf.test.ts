import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { runBuf, temporaryFolder } from './buf.ts';

const BASELINE = projectPath('protos', 'baseline.binpb');

/** Compares a changed copy of the contracts with the baseline. */
function compareChanged(file: string, change: (text: string) => string) {
  using copy = temporaryFolder();
  cpSync(projectPath('protos'), join(copy.path, 'protos'), { recursive: true });
  cpSync(projectPath('buf.yaml'), join(copy.path, 'buf.yaml'));
  const path = join(copy.path, 'protos', 'hipstershop', file);
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
  return runBuf(['breaking', '--against', BASELINE], copy.path);
}

describe('the contracts', () => {
  it('pass buf lint', () => {
    expect(runBuf(['lint'])).toMatchObject({ code: 0, output: '' });
  });

  it('have no breaking change against the released baseline', () => {
    expect(runBuf(['breaking', '--against', BASELINE])).toMatchObject({ code: 0, output: '' });
  });

  it('pass with an added field', () => {
    const grown = compareChanged('cart.proto', (text) =>
      text.replace('int32 quantity = 2;', 'int32 quantity = 2;\n  optional string note = 3;'),
    );
    expect(grown).toMatchObject({ code: 0, output: '' });
  });

  it.each([
    ['a changed field number', 'cart.proto', 'int32 quantity = 2;', 'int32 quantity = 3;'],
    ['a changed type', 'money.proto', 'int64 units = 2;', 'string units = 2;'],
    ['a changed name', 'money.proto', 'int32 nanos = 3;', 'int32 nano = 3;'],
    ['a removed field', 'ad.proto', '  string text = 2;\n', ''],
    ['a number that is no longer reserved', 'checkout.proto', '  reserved 4;\n', ''],
  ])('are refused with %s', (_what, file, from, to) => {
    const changed = compareChanged(file, (text) => text.replace(from, to));
    expect(changed.code).toBe(100);
    expect(changed.output).toContain(`hipstershop/${file}`);
  });
});
