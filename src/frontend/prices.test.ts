import { status } from '@grpc/grpc-js';
import type { Money } from '../domain/money.ts';
import { PeerError } from '../lib/grpc/peer-error.ts';
import { testCall } from '../lib/testing/test-client.ts';
import { optionalPart } from './optional-part.ts';
import type { RequestContext } from './page/request-context.ts';
import { amountAt, productCard, showAmounts } from './prices.ts';

const usd = (nanos: bigint): Money => ({ currency: 'USD', nanos });
const jpy = (units: bigint): Money => ({ currency: 'JPY', nanos: units * 1_000_000_000n });
const outage = new PeerError({ peer: 'currencyservice', rpc: 'BatchConvert', code: status.UNAVAILABLE, details: '' });

async function show(amounts: readonly Money[], convert: () => Promise<readonly Money[]>) {
  using call = testCall();
  const context: RequestContext = { userId: 'ann', currency: 'JPY', call };
  return await showAmounts(
    { prices: { convert }, optional: optionalPart({ partLeftOut: () => {} }, 60_000) },
    context,
    amounts,
  );
}

describe('amounts on a page', () => {
  it('are in the currency of the shopper', async () => {
    expect(await show([usd(1n)], async () => [jpy(126n)])).toEqual({ currency: 'JPY', amounts: [jpy(126n)] });
  });

  it('are in dollars and whole cents while they cannot be converted', async () => {
    const shown = await show([usd(1_234_567_890n)], () => Promise.reject(outage));
    expect(shown).toEqual({ currency: 'USD', amounts: [usd(1_230_000_000n)] });
  });

  it('are in the currency of the shopper when there are none', async () => {
    expect(await show([], async () => [])).toEqual({ currency: 'JPY', amounts: [] });
  });

  it('do not hide a bug of our own', async () => {
    await expect(show([usd(1n)], () => Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug');
  });

  it('are found by their index or not at all', () => {
    expect(amountAt([usd(1n), usd(2n)], 1)).toEqual(usd(2n));
    expect(() => amountAt([usd(1n)], 1)).toThrow(RangeError);
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
