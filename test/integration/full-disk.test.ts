import { join } from 'node:path';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { fillDisk } from '../../src/lib/testing/full-disk.ts';
import { temporaryFolder } from '../../src/lib/testing/temporary-folder.ts';
import type { ServiceName } from '../../src/topology.ts';
import { type LaunchedShop, launchOpen, logLines, processOf } from './launched-shop.ts';
import { checkoutForm, hiddenFields, MUG, webShopper } from './web-shopper.ts';

type Shop = { readonly launched: LaunchedShop; readonly dataDirectory: string };

const count = ({ launched }: Shop, message: string): number =>
  logLines(launched.stdout()).filter(({ msg }) => msg === message).length;

/** Fills the cart of a new shopper with a mug. */
async function shopperWithMug({ launched }: Shop) {
  const shopper = webShopper(launched.url());
  await shopper.post('/cart', { product_id: MUG, quantity: '1' });
  const form = checkoutForm(hiddenFields((await shopper.get('/cart')).body));
  return { ...shopper, order: async () => await shopper.post('/cart/checkout', form) };
}

/** Does work while no process of a service can write to its disk. Fails when the process ends. */
async function whileDiskIsFull<T>({ launched }: Shop, service: ServiceName, work: () => Promise<T>): Promise<T> {
  const { pid } = processOf(launched, service);
  const makeSpace = fillDisk(pid);
  try {
    return await work();
  } finally {
    expect(processOf(launched, service).pid).toBe(pid);
    makeSpace();
  }
}

async function expectLogNamesSetting({ launched, dataDirectory }: Shop, service: ServiceName): Promise<void> {
  const text = `DATA_DIR=${dataDirectory}: ${join(dataDirectory, service)} cannot be written`;
  await eventually('the log names the setting', () =>
    logLines(launched.stdout()).some((line) => line.service === service && JSON.stringify(line).includes(text)),
  );
}

async function orderNothing(shop: Shop, service: ServiceName): Promise<void> {
  const shopper = await shopperWithMug(shop);
  const charged = count(shop, 'charge made');
  const response = await whileDiskIsFull(shop, service, shopper.order);
  expect(response.status).toBe(503);
  expect(response.body).toContain('Nothing was charged');
  expect(response.body).toContain('name="cart_key"');
  expect(count(shop, 'charge made')).toBe(charged);
  await expectLogNamesSetting(shop, service);
  // The same form orders when there is space again.
  expect(await shopper.order()).toMatchObject({ status: 303 });
}

async function refundWhatCannotBeShipped(shop: Shop): Promise<void> {
  const shopper = await shopperWithMug(shop);
  const refunded = count(shop, 'charge refunded');
  const { status, location } = await whileDiskIsFull(shop, 'shippingservice', shopper.order);
  expect(status).toBe(303);
  await eventually('the charge is refunded', () => count(shop, 'charge refunded') === refunded + 1);
  await eventually('the order is rejected', async () => (await shopper.get(location)).body.includes('was refunded'));
  await expectLogNamesSetting(shop, 'shippingservice');
}

async function mailLater(shop: Shop): Promise<void> {
  const shopper = await shopperWithMug(shop);
  const sent = count(shop, 'mail sent');
  await whileDiskIsFull(shop, 'emailservice', async () => {
    expect(await shopper.order()).toMatchObject({ status: 303 });
    await expectLogNamesSetting(shop, 'emailservice');
  });
  await eventually('the mail is sent', () => count(shop, 'mail sent') === sent + 1);
}

async function changeNoCart(shop: Shop): Promise<void> {
  const shopper = await shopperWithMug(shop);
  const add = async () => await shopper.post('/cart', { product_id: MUG, quantity: '1' });
  const response = await whileDiskIsFull(shop, 'cartservice', add);
  expect(response.status).toBe(503);
  await expectLogNamesSetting(shop, 'cartservice');
  expect((await shopper.get('/cart')).body).toContain('<td class="number">1</td>');
  expect(await shopper.order()).toMatchObject({ status: 303 });
}

describe('a shop whose services cannot write to their disks, one after the other', () => {
  it('places no order and charges nothing, refunds what it cannot ship, and goes on without a restart', async () => {
    using folder = temporaryFolder();
    const dataDirectory = folder.path;
    const env = { PER_SERVICE: '1', DATA_DIR: dataDirectory, LOG_LEVEL: 'info', ORDER_LEASE_MS: '1000' };
    await using launched = await launchOpen(env);
    const shop = { launched, dataDirectory };
    await orderNothing(shop, 'checkoutservice');
    await orderNothing(shop, 'paymentservice');
    await refundWhatCannotBeShipped(shop);
    await mailLater(shop);
    await changeNoCart(shop);
  });
});
