import { orderTotal } from './order-total.ts';

const eur = (nanos: bigint) => ({ currency: 'EUR', nanos });

describe('orderTotal', () => {
  it('adds shipping to the unit prices times their quantities', () => {
    const lines = [
      { unitPrice: eur(5n), quantity: 2 },
      { unitPrice: eur(7n), quantity: 1 },
    ];
    expect(orderTotal(lines, eur(100n))).toEqual(eur(117n));
    expect(orderTotal([], eur(100n))).toEqual(eur(100n));
  });

  it('throws for a line in another currency', () => {
    const lines = [{ unitPrice: { currency: 'USD', nanos: 1n }, quantity: 1 }];
    expect(() => orderTotal(lines, eur(1n))).toThrow(RangeError);
  });
});
