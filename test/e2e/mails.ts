import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../src/lib/testing/eventually.ts';
import type { TestShop } from '../integration/test-shop.ts';

/** Waits for the first mail about an order, and returns every mail about it. */
export async function mailsIn(shop: TestShop, orderId: string): Promise<string[]> {
  let found: string[] = [];
  await eventually(`a mail about order ${orderId}`, async () => {
    const names = (await readdir(shop.mailDirectory)).filter((name) => name.endsWith('.eml'));
    const mails = await Promise.all(names.map((name) => readFile(join(shop.mailDirectory, name), 'utf8')));
    found = mails.filter((mail) => mail.includes(orderId));
    return found.length > 0;
  });
  return found;
}
