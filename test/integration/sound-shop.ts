import { healthOf } from '../../src/lib/grpc/health-of.ts';
import { FUZZED_CARDS } from './arbitrary-values.ts';
import { CVV } from './bystander.ts';
import { exchange } from './http-exchange.ts';
import { grpcServiceNames, type TestShop } from './test-shop.ts';

/** Expects a shop that went through a lot to be well: every service serves, no log tells of a bug, or holds a card. */
export async function expectSoundShop(shop: TestShop): Promise<void> {
  const healths = await Promise.all(
    grpcServiceNames.map(async (name) => `${name} ${await healthOf(shop.address(name))}`),
  );
  expect(healths).toEqual(grpcServiceNames.map((name) => `${name} SERVING`));
  expect(await exchange(shop.url, { target: '/_healthz' })).toMatchObject({ status: 200, body: 'ok' });
  expect((await exchange(shop.url, {})).status).toBe(200);
  expect(shop.logs.errors()).toEqual([]);
  const text = shop.logs.text();
  expect(FUZZED_CARDS.filter((number) => text.includes(number))).toEqual([]);
  // As a word of its own: a part of an id or of a duration may look like it.
  expect(text).not.toMatch(new RegExp(`(?<![\\w.-])${CVV}(?![\\w.-])`));
}
