import fc from 'fast-check';
import { minorUnitDigits } from '../../domain/currency-codes.ts';
import { sum, times, toDecimal } from '../../domain/money.ts';
import { priceOrder, type UnpricedLine } from './pricing.ts';

const CURRENCIES = ['EUR', 'USD', 'JPY', 'KRW', 'KWD'];
const line = (currency: string, nanos: bigint, quantity: number): UnpricedLine => ({
  productId: 'mug',
  productName: 'Mug',
  quantity,
  exactUnitPrice: { currency, nanos },
});

const anyOrder = fc.constantFrom(...CURRENCIES).chain((currency) =>
  fc.record({
    currency: fc.constant(currency),
    shipping: fc.bigInt({ min: 0n, max: 10n ** 14n }).map((nanos) => ({ currency, nanos })),
    lines: fc.array(
      fc
        .tuple(fc.bigInt({ min: 1n, max: 10n ** 14n }), fc.integer({ min: 1, max: 1000 }))
        .map(([nanos, quantity]) => line(currency, nanos, quantity)),
      { maxLength: 20 },
    ),
  }),
);

describe('the price of an order', () => {
  it('is the sum of the displayed lines and the displayed shipping cost', () => {
    fc.assert(
      fc.property(anyOrder, ({ currency, shipping, lines }) => {
        const priced = priceOrder(lines, shipping);
        const shown = priced.lines.map(({ unitPrice, quantity }) => times(unitPrice, quantity));
        expect(priced.total).toEqual(sum(currency, [...shown, priced.shippingCost]));
      }),
    );
  });

  it('has only payable amounts, each within half a minor unit of the exact amount', () => {
    fc.assert(
      fc.property(anyOrder, ({ currency, shipping, lines }) => {
        const priced = priceOrder(lines, shipping);
        const minorUnit = 10n ** BigInt(9 - minorUnitDigits(currency));
        const exact = [...lines.map(({ exactUnitPrice }) => exactUnitPrice), shipping];
        [...priced.lines.map(({ unitPrice }) => unitPrice), priced.shippingCost].forEach(({ nanos }, index) => {
          const off = nanos - (exact[index]?.nanos ?? 0n);
          expect(nanos % minorUnit).toBe(0n);
          expect((off < 0n ? -off : off) * 2n).toBeLessThanOrEqual(minorUnit);
        });
      }),
    );
  });

  it('is rounded before it is multiplied, half to even', () => {
    // 17.682441398 EUR is 17.68; 100 of them are 1768.00 and not 1768.24.
    const order = priceOrder([line('EUR', 17_682_441_398n, 100)], { currency: 'EUR', nanos: 7_945_000_000n });
    expect(toDecimal(order.shippingCost)).toBe('7.94');
    expect(toDecimal(order.total)).toBe('1775.94');
  });

  it('is in whole yen', () => {
    const order = priceOrder([line('JPY', 2_235_087_572_000n, 3)], { currency: 'JPY', nanos: 1_005_161_432_000n });
    expect(toDecimal(order.total)).toBe('7710');
    expect(order.total.nanos).toBe(7_710_000_000_000n);
  });

  it('keeps the lines in their order with their names and quantities', () => {
    const lines = [line('EUR', 1_000_000_000n, 1), { ...line('EUR', 2_000_000_000n, 2), productName: 'Watch' }];
    const order = priceOrder(lines, { currency: 'EUR', nanos: 0n });
    expect(order.lines.map(({ productName, quantity }) => [productName, quantity])).toEqual([
      ['Mug', 1],
      ['Watch', 2],
    ]);
  });
});
