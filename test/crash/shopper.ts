import { setTimeout as pause } from 'node:timers/promises';
import { chargeKey, shipmentKey } from '../../src/checkoutservice/saga/step-keys.ts';
import { orderKey } from '../../src/domain/order-key.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { checkoutForm, hiddenFields, MUG, webShopper } from '../integration/web-shopper.ts';
import type { AnswerFault, Group } from './cells.ts';

const RETRY_PAUSE_MS = 300;

/** A shopper who buys once. Everything is known from the shopper's side: no service is asked. */
export type Shopper = Buyer & { readonly group: Group; readonly fault: AnswerFault };

/** What a shopper knows about a purchase. */
export type Buyer = {
  readonly email: string;
  userId: string;
  /** The keys with which payment and shipping know each attempt to order. */
  readonly attempts: { readonly charge: string; readonly shipment: string }[];
  /** The order whose page was shown in the end. */
  orderId: string;
};

/** Puts a mug into a new cart and orders it. Submits the same form again after each failure, until an order is shown. */
export async function buyOnce(url: string, shopper: Buyer): Promise<void> {
  const browser = webShopper(url);
  let cart = '';
  await eventually('the product is in the cart', async () => {
    await browser.post('/cart', { product_id: MUG, quantity: '1' });
    cart = (await browser.get('/cart')).body;
    return cart.includes('name="cart_key"');
  });
  shopper.userId = browser.userId();
  let form = hiddenFields(cart);
  for (;;) {
    const { cart_key: cartKey = '', attempt = '' } = form;
    const key = { userId: shopper.userId, idempotencyKey: orderKey({ cartKey, attempt: Number(attempt) }) };
    if (!shopper.attempts.some(({ charge }) => charge === chargeKey(key))) {
      shopper.attempts.push({ charge: chargeKey(key), shipment: shipmentKey(key) });
    }
    const { status, location, body } = await browser.post(
      '/cart/checkout',
      checkoutForm({ ...form, email: shopper.email }),
    );
    if (status === 303) {
      shopper.orderId = location.split('/').at(-1) ?? '';
      return;
    }
    // The page of a failure has the form again; its hidden fields say whether it is another attempt.
    if (body.includes('name="cart_key"')) form = hiddenFields(body);
    await pause(RETRY_PAUSE_MS);
  }
}
