import { performance } from 'node:perf_hooks';
import { definitions } from '../../src/contract.ts';
import { type TestClient, testClient } from '../../src/lib/testing/test-client.ts';
import type { LaunchedShop } from '../integration/launched-shop.ts';
import { orderOf } from '../integration/shopper-state.ts';
import { MUG } from '../integration/web-shopper.ts';

export type PlacedOrders = {
  readonly ordersPerSecond: number;
  /** From the call to the response, in milliseconds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
};

/** Places orders of one mug, each for another user, with a number of calls in flight. Carts are filled before. */
export async function placeOrders(shop: LaunchedShop, count: number, inFlight: number): Promise<PlacedOrders> {
  using cart = testClient(definitions.cartservice, addressOf(shop, 'cartservice'));
  using checkout = testClient(definitions.checkoutservice, addressOf(shop, 'checkoutservice'));
  const users = Array.from({ length: count }, (_, index) => `${inFlight}-${index}-${performance.now()}`);
  await inParallel(users, 16, async (userId) => {
    await cart.addItem({ userId, item: { productId: MUG, quantity: 1 } });
  });
  const latenciesMs: number[] = [];
  const startMs = performance.now();
  await inParallel(users, inFlight, async (userId) => {
    latenciesMs.push(await placeOne(checkout, userId));
  });
  const seconds = (performance.now() - startMs) / 1000;
  latenciesMs.sort((one, other) => one - other);
  const percentile = (share: number): number => latenciesMs[Math.ceil(share * count) - 1] ?? 0;
  return { ordersPerSecond: count / seconds, p50Ms: percentile(0.5), p99Ms: percentile(0.99) };
}

async function placeOne(checkout: TestClient<typeof definitions.checkoutservice>, userId: string): Promise<number> {
  const startMs = performance.now();
  await checkout.placeOrder(orderOf(userId));
  return performance.now() - startMs;
}

/** Does work for each item, at most `limit` at a time. */
export async function inParallel<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const item = items[next] as T;
      next += 1;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}

/** The gRPC address of a service, from the row of the printed table. */
function addressOf(shop: LaunchedShop, service: string): string {
  const [, address] = new RegExp(`^  ${service} +(127\\.0\\.0\\.1:\\d+) `, 'm').exec(shop.stdout()) ?? [];
  if (address === undefined) throw new Error(`no address of ${service}`);
  return address;
}
