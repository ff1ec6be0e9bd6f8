import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openEmbeddedDatabase } from '../../src/lib/store/embedded-database.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { repeatableRandom } from '../../src/lib/testing/repeatable-random.ts';
import { temporaryFolder } from '../../src/lib/testing/temporary-folder.ts';
import { type LaunchedShop, launchOpen, serviceProcesses } from '../integration/launched-shop.ts';
import { checkoutForm, hiddenFields, MUG, webShopper } from '../integration/web-shopper.ts';
import { judge, readLedgers, type Verdict } from './ledgers.ts';

/** The services that a run kills: those that store money, goods and mails. */
const VICTIMS = ['checkoutservice', 'paymentservice', 'shippingservice', 'emailservice'] as const;

const SHOPPERS_AT_ONCE = 8;
const RETRY_PAUSE_MS = 300;

export type CrashRun = {
  readonly orders: number;
  /** SIGKILLs, while the orders are placed. */
  readonly kills: number;
  readonly seed: number;
};

export type CrashReport = { readonly verdict: Verdict; readonly kills: Readonly<Record<string, number>> };

/**
 * Places orders in a shop with two processes of each service, while processes are killed at random moments. Then waits
 * until nothing is unfinished, stops the shop, and judges its ledgers.
 */
export async function crashRun({ orders, kills, seed }: CrashRun): Promise<CrashReport> {
  using folder = temporaryFolder();
  const dataDirectory = join(folder.path, 'data');
  const random = repeatableRandom(seed);
  const shown: string[] = [];
  const killed: Record<string, number> = {};
  {
    await using shop = await launchOpen({ REPLICAS: '2', DATA_DIR: dataDirectory, ORDER_LEASE_MS: '2000' });
    let next = 0;
    const shopUntilSoldOut = async (): Promise<void> => {
      while (next < orders) {
        next += 1;
        shown.push(await buyOnce(shop));
      }
    };
    const killAt = Array.from({ length: kills }, () => random(orders)).sort((a, b) => a - b);
    const killAtTheirOrder = async (): Promise<void> => {
      for (const order of killAt) {
        await eventually(`${order} orders were placed`, () => shown.length >= order, 600_000);
        const victim = VICTIMS[random(VICTIMS.length)] ?? VICTIMS[0];
        if (killOne(shop, victim, random)) killed[victim] = (killed[victim] ?? 0) + 1;
      }
    };
    await Promise.all([killAtTheirOrder(), ...Array.from({ length: SHOPPERS_AT_ONCE }, shopUntilSoldOut)]);
    await using checkout = await openEmbeddedDatabase({ dataDirectory, service: 'checkoutservice' });
    const isQuiet = () => checkout.table('unfinished').count() === 0 && checkout.table('tasks').count() === 0;
    await eventually('no order and no task is unfinished', isQuiet, 300_000);
    shop.process.kill('SIGINT');
    await shop.exited;
  }
  return { verdict: judge(await readLedgers(dataDirectory), shown), kills: killed };
}

/** Buys one mug as a new shopper, and submits the same form again after each failure. Returns the id of the order. */
async function buyOnce(shop: LaunchedShop): Promise<string> {
  const shopper = webShopper(shop.url());
  await eventually('the product is in the cart', async () => {
    await shopper.post('/cart', { product_id: MUG, quantity: '1' });
    return (await shopper.get('/cart')).body.includes('name="cart_key"');
  });
  let form = hiddenFields((await shopper.get('/cart')).body);
  for (;;) {
    const { status, location, body } = await shopper.post('/cart/checkout', checkoutForm(form));
    if (status === 303) return location.split('/').at(-1) ?? '';
    // The page of a failure has the form again; its hidden fields say whether it is another attempt.
    if (body.includes('name="cart_key"')) form = hiddenFields(body);
    await pause(RETRY_PAUSE_MS);
  }
}

function killOne(shop: LaunchedShop, service: string, random: (limit: number) => number): boolean {
  const processes = serviceProcesses(shop).filter((one) => one.service === service);
  const found = processes[random(processes.length)];
  if (found === undefined) return false;
  process.kill(found.pid, 'SIGKILL');
  return true;
}
