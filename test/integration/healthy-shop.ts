import { healthOf } from '../../src/lib/grpc/health-of.ts';
import { FUZZED_CARDS } from './arbitrary-values.ts';
import { exchange } from './http-exchange.ts';
import { CVV } from './shopper-state.ts';
import { grpcServiceNames, type TestShop } from './test-shop.ts';

/** Expects every service to serve, and the logs to contain no error and no card number. */
export async function expectHealthyShop(shop: TestShop): Promise<void> {
  const healths = await Promise.all(
    grpcServiceNames.map(async (name) => `${name} ${await healthOf(shop.address(name))}`),
  );
  expect(healths).toEqual(grpcServiceNames.map((name) => `${name} SERVING`));
  expect(await exchange(shop.url, { target: '/_healthz' })).toMatchObject({ status: 200, body: 'ok' });
  expect((await exchange(shop.url, {})).status).toBe(200);
  expect(shop.logs.errors()).toEqual([]);
  const text = shop.logs.text();
  expect(FUZZED_CARDS.filter((number) => text.includes(number))).toEqual([]);
  // As a separate word: it may occur inside an id or a duration.
  expect(text).not.toMatch(new RegExp(`(?<![\\w.-])${CVV}(?![\\w.-])`));
}
