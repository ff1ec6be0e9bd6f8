import { execFileSync } from 'node:child_process';
import { projectPath } from '../../src/lib/runtime/project-root.ts';

/** Erases the personal data of a shopper in the data of a running shop, with the tool of operators. */
export function eraseShopper(userId: string, dataDirectory: string): void {
  const args = ['erase', userId, '--why', 'asked by the shopper'];
  const tool = projectPath('dist', 'checkoutservice', 'orders.js');
  execFileSync(process.execPath, [tool, ...args], { env: { DATA_DIR: dataDirectory } });
}
