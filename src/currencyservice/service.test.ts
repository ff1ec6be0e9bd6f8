import { fromWire, roundToMinorUnit, toDecimal } from '../domain/money.ts';
import { CurrencyServiceDefinition } from '../genproto/hipstershop/currency.ts';
import type { RunningService } from '../lib/runtime/runtime.ts';
import { failureOfCall, type TestClient, testClient } from '../lib/testing/test-client.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import { readConfig } from './config.ts';
import { start } from './service.ts';

const usd = (units: bigint, nanos: number) => ({ currencyCode: 'USD', units, nanos });
const sunglasses = usd(19n, 990_000_000);

describe('the currency service', () => {
  let service: RunningService;
  let currency: TestClient<CurrencyServiceDefinition>;

  beforeAll(async () => {
    service = await start(readConfig({ HOST: '127.0.0.1', PORT: '0' }), testRuntime());
    currency = testClient(CurrencyServiceDefinition, service.address);
  });

  afterAll(async () => {
    currency[Symbol.dispose]();
    await service[Symbol.asyncDispose]();
  });

  it('supports 33 currencies', async () => {
    const { currencyCodes } = await currency.getSupportedCurrencies({});
    expect(currencyCodes).toHaveLength(33);
    expect(currencyCodes).toEqual(expect.arrayContaining(['USD', 'EUR', 'CAD', 'JPY', 'GBP', 'TRY']));
  });

  it.each([
    ['EUR', '17.68'],
    ['CAD', '26.75'],
    ['GBP', '15.20'],
    ['TRY', '108.30'],
    ['USD', '19.99'],
  ])('converts 19.99 USD to %s %s', async (toCode, expected) => {
    const converted = await currency.convert({ from: sunglasses, toCode });
    expect(converted.currencyCode).toBe(toCode);
    expect(toDecimal(roundToMinorUnit(fromWire(converted)))).toBe(expected);
  });

  it('converts to a billionth of a unit, rounded once', async () => {
    // 19.99 / 1.1305 = 17.682441397611676...
    expect(await currency.convert({ from: sunglasses, toCode: 'EUR' })).toEqual({
      currencyCode: 'EUR',
      units: 17n,
      nanos: 682_441_398,
    });
  });

  it('converts a batch in its order, each amount as Convert does', async () => {
    const from = [
      sunglasses,
      usd(0n, 0),
      usd(-1n, -500_000_000),
      { currencyCode: 'JPY', units: 126n, nanos: 400_000_000 },
    ];
    const { converted } = await currency.batchConvert({ from, toCode: 'EUR' });
    expect(converted).toEqual(
      await Promise.all(from.map((amount) => currency.convert({ from: amount, toCode: 'EUR' }))),
    );
    expect(converted[3]).toEqual({ currencyCode: 'EUR', units: 1n, nanos: 0 });
  });

  it.each([
    ['an unknown target', { from: sunglasses, toCode: 'AED' }, 'CURRENCY_UNKNOWN'],
    ['an unknown source', { from: { ...sunglasses, currencyCode: 'XXX' }, toCode: 'EUR' }, 'CURRENCY_UNKNOWN'],
    ['an empty target', { from: sunglasses, toCode: '' }, 'CURRENCY_UNKNOWN'],
    ['a malformed code', { from: { ...sunglasses, currencyCode: 'usd' }, toCode: 'EUR' }, 'MONEY_INVALID'],
    ['a missing amount', { from: undefined, toCode: 'EUR' }, 'MONEY_INVALID'],
    ['signs that disagree', { from: usd(1n, -1), toCode: 'EUR' }, 'MONEY_INVALID'],
    ['nanos out of range', { from: usd(0n, 1_000_000_000), toCode: 'EUR' }, 'MONEY_INVALID'],
    ['a result that does not fit', { from: usd(2n ** 63n - 1n, 0), toCode: 'IDR' }, 'MONEY_OUT_OF_RANGE'],
  ])('refuses %s', async (_what, request, reason) => {
    expect(await failureOfCall(currency.convert(request))).toBe(`INVALID_ARGUMENT ${reason}`);
  });

  it('names the index of the first bad amount of a batch', async () => {
    const call = currency.batchConvert({ from: [sunglasses, usd(1n, -1)], toCode: 'EUR' });
    await expect(call).rejects.toMatchObject({ reason: 'MONEY_INVALID', metadata: { field: 'from[1]' } });
  });

  it('refuses a batch of 101 amounts', async () => {
    const call = currency.batchConvert({ from: Array.from({ length: 101 }, () => sunglasses), toCode: 'EUR' });
    expect(await failureOfCall(call)).toBe('INVALID_ARGUMENT FROM_INVALID');
  });
});
