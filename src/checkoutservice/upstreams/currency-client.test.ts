import { status } from '@grpc/grpc-js';
import type { WireMoney } from '../../domain/money.ts';
import type { CurrencyServiceDefinition } from '../../genproto/hipstershop/currency.ts';
import type { UpstreamCalls } from '../../lib/grpc/client.ts';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';
import { testCall } from '../../lib/testing/test-client.ts';
import { currencyClient } from './currency-client.ts';

const usd = (nanos: bigint) => ({ currency: 'USD', nanos });
const one = { currencyCode: 'EUR', units: 1n, nanos: 0 };

type Batch = (from: readonly WireMoney[]) => WireMoney[];

const clientOf = (batch: Batch) => {
  const calls = {
    batchConvert: async ({ from }: { from: WireMoney[] }) => ({ converted: batch(from) }),
  } as unknown as UpstreamCalls<CurrencyServiceDefinition>;
  return currencyClient(calls, () => 0);
};

describe('a conversion', () => {
  it('sends at most a hundred amounts per call and keeps their order', async () => {
    const sizes: number[] = [];
    const client = clientOf((from) => {
      sizes.push(from.length);
      return from.map((amount) => ({ ...amount, currencyCode: 'EUR' }));
    });
    const amounts = Array.from({ length: 101 }, (_, index) => usd(BigInt(index + 1)));
    using call = testCall();
    const converted = await client.convert(amounts, 'EUR', call);
    expect(sizes).toEqual([100, 1]);
    expect(converted.map(({ nanos }) => nanos)).toEqual(amounts.map(({ nanos }) => nanos));
  });

  it('makes no call when every amount has the currency already', async () => {
    const client = clientOf(() => {
      throw new Error('asked');
    });
    using call = testCall();
    expect(await client.convert([usd(5n)], 'USD', call)).toEqual([usd(5n)]);
  });

  it.each([
    ['nothing', 1_000n, { ...one, units: 0n }],
    ['less than nothing', 1_000n, { ...one, units: -1n }],
    ['something for nothing', 0n, one],
    ['another currency', 1_000n, { ...one, currencyCode: 'USD' }],
    ['no currency', 1_000n, { ...one, currencyCode: '' }],
    ['a malformed amount', 1_000n, { ...one, nanos: -1 }],
  ])('throws CONVERSION_UNUSABLE when currencyservice returns %s', async (_what, nanos, response) => {
    using call = testCall();
    const converting = clientOf(() => [response]).convert([usd(nanos)], 'EUR', call);
    await expect(converting).rejects.toMatchObject({ kind: 'unavailable', reason: 'CONVERSION_UNUSABLE' });
  });

  it('throws CONVERSION_UNUSABLE when currencyservice returns fewer amounts than sent', async () => {
    using call = testCall();
    const converting = clientOf(() => [one]).convert([usd(1n), usd(2n)], 'EUR', call);
    await expect(converting).rejects.toMatchObject({ reason: 'CONVERSION_UNUSABLE' });
  });

  it.each([
    ['without saying why is the shopper’s currency', {}, 'USER_CURRENCY_INVALID'],
    ['because of the target is the shopper’s currency', { field: 'to_code' }, 'USER_CURRENCY_INVALID'],
    ['because of an amount', { field: 'from[0].currency_code' }, 'CONVERSION_UNUSABLE'],
  ])('maps a refusal %s to its reason', async (_what, metadata, reason) => {
    const client = clientOf(() => {
      const code = status.INVALID_ARGUMENT;
      throw new UpstreamError({ upstream: 'currencyservice', rpc: 'BatchConvert', code, details: '', metadata });
    });
    using call = testCall();
    await expect(client.convert([usd(1n)], 'EUR', call)).rejects.toMatchObject({ reason });
  });
});
