import { toWire, type WireMoney } from '../../domain/money.ts';
import { testCall } from '../../lib/testing/test-client.ts';
import { decodeProduct } from '../upstreams/catalogue-client.ts';
import { openFailurePlan } from './failure-plan.testing.ts';
import { fakeCurrency, fakeShipping } from './fakes.testing.ts';
import { priceCart } from './price-cart.ts';
import { COMMAND } from './shop.testing.ts';

const usd = (nanos: bigint): WireMoney => toWire({ currency: 'USD', nanos });

/** Prices a cart of mugs. Shipping is free by default. */
async function priceMugs(quantity: number, priceUsd: WireMoney | undefined, shippingNanos = 0n) {
  const calls = openFailurePlan();
  const mug = { id: 'mug', name: 'Mug', description: '', picture: '', categories: [], priceUsd };
  const deps = {
    catalogue: { products: async () => [decodeProduct(mug)] },
    currency: fakeCurrency(calls),
    shipping: { ...fakeShipping(calls), quote: async () => ({ currency: 'USD', nanos: shippingNanos }) },
  };
  const basket = { lines: [{ productId: 'mug', quantity }], address: COMMAND.address, currency: 'USD' };
  using call = testCall();
  return await priceCart(deps, basket, call);
}

describe('the price of a cart', () => {
  it('is the sum of the goods and the shipping cost', async () => {
    const { total, lines } = await priceMugs(3, usd(8_990_000_000n), 5_000_000_000n);
    expect(total).toEqual({ currency: 'USD', nanos: 31_970_000_000n });
    expect(lines).toMatchObject([{ productId: 'mug', productName: 'Mug', quantity: 3 }]);
  });

  it.each([
    ['no price', undefined],
    ['a price of nothing', usd(0n)],
    ['a negative price', usd(-1_000_000_000n)],
    ['a price in no currency', { ...usd(1n), currencyCode: '' }],
    ['a malformed price', { ...usd(1_000_000_000n), nanos: -1 }],
  ])('throws PRICE_UNUSABLE with %s in the catalogue', async (_what, priceUsd) => {
    // Shipping alone makes the total payable: the goods must not be free.
    const pricing = priceMugs(1, priceUsd, 5_000_000_000n);
    await expect(pricing).rejects.toMatchObject({ kind: 'unavailable', reason: 'PRICE_UNUSABLE' });
  });

  it.each([
    ['rounds to nothing', 1, 1_000_000n],
    ['does not fit the wire', 2, (2n ** 63n - 1n) * 1_000_000_000n],
  ])('cannot be paid when it %s', async (_what, quantity, nanos) => {
    const pricing = priceMugs(quantity, usd(nanos));
    await expect(pricing).rejects.toMatchObject({ kind: 'precondition', reason: 'TOTAL_NOT_PAYABLE' });
  });
});
