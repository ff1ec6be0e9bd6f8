import { status } from '@grpc/grpc-js';
import type { Money } from '../domain/money.ts';
import { UpstreamError } from '../lib/grpc/upstream-error.ts';
import { testCall } from '../lib/testing/test-client.ts';
import { optionalPart } from './optional-part.ts';
import type { RequestContext } from './page/request-context.ts';
import { productCard, showPrices } from './prices.ts';
import type { PriceClient } from './upstreams/price-client.ts';
import type { Product } from './upstreams/product.ts';

const usd = (nanos: bigint): Money => ({ currency: 'USD', nanos });
const jpy = (units: bigint): Money => ({ currency: 'JPY', nanos: units * 1_000_000_000n });
const outage = new UpstreamError({
  upstream: 'currencyservice',
  rpc: 'BatchConvert',
  code: status.UNAVAILABLE,
  details: '',
});

const product = (id: string, price: Money): Product => ({
  id,
  price,
  name: id,
  description: '',
  picture: '',
  categories: [],
});

async function show(
  amounts: { products: readonly Product[]; shipping?: Money },
  convert: PriceClient['convert'] = async (keyed) =>
    new Map([...keyed.keys()].map((key, index) => [key, jpy(BigInt(index))])),
) {
  using call = testCall();
  const context: RequestContext = { userId: 'ann', currency: 'JPY', call };
  const optional = optionalPart({ pagePartDegraded: () => {} }, 60_000);
  return await showPrices({ prices: { convert }, optional }, context, amounts);
}

describe('showPrices', () => {
  const products = [product('mug', usd(1_234_567_890n)), product('shipping', usd(2n))];

  it('returns each price and the shipping cost in the currency of the shopper', async () => {
    const { currency, priceOf, shipping } = await show({ products, shipping: usd(3n) });
    expect(currency).toBe('JPY');
    expect([...products.map(priceOf), shipping]).toEqual([jpy(0n), jpy(1n), jpy(2n)]);
  });

  it('returns whole cents in dollars when the amounts cannot be converted', async () => {
    const { currency, priceOf, shipping } = await show({ products }, () => Promise.reject(outage));
    expect(currency).toBe('USD');
    expect(priceOf({ id: 'mug' })).toEqual(usd(1_230_000_000n));
    expect(shipping).toBeUndefined();
  });

  it('returns the currency of the shopper for a page without amounts', async () => {
    expect((await show({ products: [] })).currency).toBe('JPY');
  });

  it('throws a bug of the frontend itself', async () => {
    await expect(show({ products }, () => Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug');
  });

  it('throws for a product that was not given', async () => {
    const { priceOf } = await show({ products });
    expect(() => priceOf({ id: 'watch' })).toThrow(RangeError);
  });
});

it('puts a product on a card with its price and picture', () => {
  expect(productCard({ id: '6E92ZMYYFZ', name: 'Mug' }, jpy(1137n))).toEqual({
    id: '6E92ZMYYFZ',
    name: 'Mug',
    price: '¥1,137',
    picture: '/static/products/mug.svg',
  });
});
