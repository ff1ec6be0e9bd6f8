import { eventually } from '../../src/lib/testing/eventually.ts';
import { startRedis } from '../../src/lib/testing/redis-server.ts';
import { startTestShop } from './test-shop.ts';
import { checkoutForm, hiddenFields, MUG, webShopper } from './web-shopper.ts';

describe('an order while Redis is away', () => {
  it.each(['stop', 'pause'] as const)(
    'charges nothing, the page says so and keeps the form, and orders can be placed afterwards: %s',
    async (outage) => {
      await using redis = await startRedis();
      await using shop = await startTestShop({ env: { REDIS_ADDR: redis.address, TIME_BUDGET_FACTOR: '1' } });
      const shopper = webShopper(shop.url);
      await shopper.post('/cart', { product_id: MUG, quantity: '1' });
      const hidden = hiddenFields((await shopper.get('/cart')).body);
      const form = checkoutForm({ ...hidden, city: 'Lisbon' });

      await redis[outage]();
      const page = await shopper.post('/cart/checkout', form);
      expect(page.status).toBe(503);
      expect(page.body).toContain('Nothing was charged');
      expect(page.body).toContain('value="Lisbon"');
      expect(hiddenFields(page.body)).toEqual(hidden);
      expect(shop.logs.lines().filter(({ msg }) => msg === 'charge made')).toEqual([]);

      if (outage === 'stop') await redis.start();
      else redis.resume();
      // A Redis that was stopped has lost the cart.
      await eventually('the cart has a mug', async () => {
        const { body } = await shopper.get('/cart');
        if (body.includes('name="cart_key"')) return true;
        await shopper.post('/cart', { product_id: MUG, quantity: '1' });
        return false;
      });
      const again = checkoutForm(hiddenFields((await shopper.get('/cart')).body));
      await eventually('the order is placed', async () => (await shopper.post('/cart/checkout', again)).status === 303);
    },
  );
});
