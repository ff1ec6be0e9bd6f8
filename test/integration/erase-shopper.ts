import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectPath } from '../../src/lib/runtime/project-root.ts';

/** Erases the personal data of a shopper in the data of a running shop, with the tool of operators. Returns what it prints. */
export async function eraseShopper(userId: string, dataDirectory: string): Promise<string> {
  const args = ['erase', userId, '--by', 'olga', '--why', 'asked by the shopper'];
  const tool = projectPath('dist', 'checkoutservice', 'orders.js');
  // A shop in this process may be in a transaction, which the tool waits for and which ends only if this process runs on.
  const { stdout } = await promisify(execFile)(process.execPath, [tool, ...args], { env: { DATA_DIR: dataDirectory } });
  return stdout;
}
