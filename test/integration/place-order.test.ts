import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { startTestShop, type TestShop } from './test-shop.ts';

const CONSOLE = 'http://console.example';
const run = promisify(execFile);

let shop: TestShop | undefined;

async function placeOrder(...options: string[]): Promise<string> {
  const script = projectPath('scripts/place-order.js');
  const { stdout } = await run(process.execPath, [script, '--shop', shop?.url ?? '', '--console', CONSOLE, ...options]);
  return stdout;
}

describe('scripts/place-order.js', () => {
  beforeAll(async () => {
    shop = await startTestShop();
  });

  afterAll(async () => {
    await shop?.[Symbol.asyncDispose]();
  });

  it('places one order and prints its history and the address of its trace', async () => {
    const output = await placeOrder();
    expect(output).toMatch(/^HTTP 303 after \d+ ms {2}\/order\/[\w-]+$/m);
    expect(output).toMatch(/^ {2}trace {4}http:\/\/console\.example\/traces\/[0-9a-f]{32}$/m);
    expect(output).toMatch(/^ {2}history {2}1. You placed the order -> .* -> 4. The order was confirmed$/m);
  });

  it('submits the same form several times and gets the same order each time', async () => {
    const output = await placeOrder('--repeat', '3');
    expect(output.match(/^HTTP 303 /gm)).toHaveLength(3);
    expect(output.match(/^order /gm)).toHaveLength(1);
  });

  it('prints what the page says when the card is declined', async () => {
    const output = await placeOrder('--card', '4000000000000002');
    expect(output).toMatch(/^HTTP 422 after \d+ ms {2}.*declined/m);
    expect(output).not.toMatch(/^order /m);
  });
});
