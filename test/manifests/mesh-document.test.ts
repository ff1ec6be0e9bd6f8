import { readSource } from '../architecture/source-files.ts';
import { retryTable } from './retry-table.ts';

describe('docs/mesh.md', () => {
  it('has every RPC with its times and attempts, as the clients and the mesh are told', () => {
    const [, table] =
      /<!-- retries:[^\n]*-->\n([\s\S]*?)<!-- \/retries -->/.exec(readSource('docs/mesh.md').text) ?? [];
    expect(table).toBe(retryTable());
  });
});
