import type { CallResult } from '../saga/failure-plan.testing.ts';
import { COMMAND, openShop } from '../saga/shop.testing.ts';
import type { OrderStore } from './order-store.ts';

const { creditCardNumber, creditCardCvv } = COMMAND.card;

/** A shop that records all arguments and results of its store. */
function openWatchedShop(
  results: readonly (readonly [Parameters<ReturnType<typeof openShop>['calls']['plan']>[0], CallResult])[],
) {
  const kept: string[] = [];
  const wrapStore = (store: OrderStore): OrderStore =>
    Object.fromEntries(
      Object.entries(store).map(([name, method]) => [
        name,
        async (...given: unknown[]) => {
          const response = await (method as (...args: unknown[]) => Promise<unknown>)(...given);
          kept.push(
            JSON.stringify([name, given, response], (_key, value) => (typeof value === 'bigint' ? `${value}` : value)),
          );
          return response;
        },
      ]),
    ) as OrderStore;
  const shop = openShop({ wrapStore });
  for (const [call, result] of results) shop.calls.plan(call, result);
  return { shop, kept };
}

describe('the stored data of an order', () => {
  it.each([
    ['that is confirmed', []],
    ['whose card is declined', [['charge', 'refused']]],
    ['whose charge has no response', [['charge', 'lost-after']]],
    ['that cannot be shipped', [['ship', 'refused']]],
  ] as const)('%s includes the addresses but no card data', async (_what, results) => {
    const { shop, kept } = openWatchedShop(results);
    await shop.place();
    await shop.sweepUntilQuiet();
    const text = kept.join('\n');
    expect(kept.length).toBeGreaterThan(2);
    for (const stored of [COMMAND.email, COMMAND.address.streetAddress]) expect(text.includes(stored)).toBe(true);
    expect(text.includes(creditCardNumber)).toBe(false);
    expect(text).not.toMatch(new RegExp(`(?<![\\w.-])${creditCardCvv}(?![\\w.-])|creditCard`));
  });
});
