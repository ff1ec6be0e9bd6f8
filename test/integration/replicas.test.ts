import { readdirSync } from 'node:fs';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { type LaunchedShop, launchOpen, logLines, processOf } from './launched-shop.ts';
import { checkoutForm, hiddenFields, MUG, webShopper } from './web-shopper.ts';

const SHOPPERS = 10;

/** Puts a mug into a cart and submits the checkout form twice at once. Returns the addresses of the order pages. */
async function clickTwice(shop: LaunchedShop): Promise<string[]> {
  const shopper = webShopper(shop.url());
  await shopper.post('/cart', { product_id: MUG, quantity: '1' });
  const cart = await shopper.get('/cart');
  expect(cart.body).toContain('<td class="number">1</td>');
  const form = checkoutForm(hiddenFields(cart.body));
  const responses = await Promise.all([1, 2].map(() => shopper.post('/cart/checkout', form)));
  return responses.map(({ status, location }) => `${status} ${location}`);
}

describe('two processes of each service', () => {
  it('share carts, orders, charges and mail keys, also when one checkoutservice is killed', async () => {
    await using shop = await launchOpen({ REPLICAS: '2', ORDER_LEASE_MS: '1000', LOG_LEVEL: 'info' });
    const count = (message: string): number => logLines(shop.stdout()).filter(({ msg }) => msg === message).length;
    const places = await Promise.all(Array.from({ length: SHOPPERS }, () => clickTwice(shop)));
    for (const [first, second] of places) {
      expect(first).toMatch(/^303 .*\/order\//);
      expect(second).toBe(first);
    }
    process.kill(processOf(shop, 'checkoutservice').pid, 'SIGKILL');
    await eventually('every order is shipped and has a mail', () =>
      ['order shipped', 'mail sent'].every((message) => count(message) >= SHOPPERS),
    );
    // Finishes the tasks that are left: a second mail or charge would come now.
    shop.process.kill('SIGINT');
    expect(await shop.exited).toBe(0);
    expect(['charge made', 'charge refunded', 'order shipped', 'mail sent'].map(count)).toEqual([
      SHOPPERS,
      0,
      SHOPPERS,
      SHOPPERS,
    ]);
    expect(readdirSync(shop.mailDirectory)).toHaveLength(SHOPPERS);
  });
});
