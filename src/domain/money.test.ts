import fc from 'fast-check';
import { minorUnitDigits } from './currency-codes.ts';
import {
  convert,
  fitsWire,
  formatMoney,
  fromDecimal,
  fromWire,
  type Money,
  parseMoney,
  roundToMinorUnit,
  sum,
  times,
  toDecimal,
  toWire,
  wireMoneyProblem,
  zero,
} from './money.ts';
import { positiveRational, type Rational } from './rational.ts';

const NANO = 1_000_000_000n;
const MAX_NANOS = (2n ** 63n - 1n) * NANO + (NANO - 1n);
const MIN_NANOS = -(2n ** 63n) * NANO - (NANO - 1n);

const money = (currency: string, nanos: bigint): Money => ({ currency, nanos });
const anyCurrency = fc.constantFrom('USD', 'EUR', 'JPY', 'KRW', 'BHD', 'CLF');
const anyNanos = fc.oneof(
  fc.bigInt({ min: MIN_NANOS, max: MAX_NANOS }),
  fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
);
const anyMoney = fc.record({ currency: anyCurrency, nanos: anyNanos });
const anyRate: fc.Arbitrary<Rational> = fc.record({
  numerator: fc.bigInt({ min: 1n, max: 10n ** 9n }),
  denominator: fc.bigInt({ min: 1n, max: 10n ** 6n }),
});

describe('money on the wire', () => {
  it('is read back unchanged, for every amount that fits', () => {
    fc.assert(
      fc.property(anyMoney, (amount) => {
        const wire = toWire(amount);
        expect(wireMoneyProblem(wire)).toBeUndefined();
        expect(fromWire(wire)).toEqual(amount);
      }),
    );
  });

  it.each([
    [0n, 0n, 0],
    [-1_750_000_000n, -1n, -750_000_000],
    [-1n, 0n, -1],
    [1n, 0n, 1],
    [NANO, 1n, 0],
    [MAX_NANOS, 2n ** 63n - 1n, 999_999_999],
    [MIN_NANOS, -(2n ** 63n), -999_999_999],
  ])('writes %s nanos as %s units and %i nanos', (nanos, units, wireNanos) => {
    expect(toWire(money('EUR', nanos))).toEqual({ currencyCode: 'EUR', units, nanos: wireNanos });
    expect(fitsWire(money('EUR', nanos))).toBe(true);
  });

  it.each([MAX_NANOS + 1n, MIN_NANOS - 1n])('does not fit %s nanos', (nanos) => {
    expect(fitsWire(money('EUR', nanos))).toBe(false);
    expect(() => toWire(money('EUR', nanos))).toThrow(RangeError);
  });

  it('has a problem exactly when it breaks a rule of google.type.Money', () => {
    const anyWire = fc.record({
      currencyCode: fc.oneof(fc.constantFrom('EUR', 'eur', '', 'EURO'), fc.string({ maxLength: 4 })),
      units: fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(-1n, 0n, 1n)),
      nanos: fc.oneof(
        fc.integer(),
        fc.constantFrom(0, -1, 1, 999_999_999, -999_999_999, 1_000_000_000, -1_000_000_000),
      ),
    });
    const isValid = (wire: { currencyCode: string; units: bigint; nanos: number }): boolean =>
      wire.currencyCode.length === 3 &&
      wire.currencyCode.split('').every((letter) => letter >= 'A' && letter <= 'Z') &&
      Math.abs(wire.nanos) <= 999_999_999 &&
      Number(wire.units > 0n) - Number(wire.units < 0n) !== -Math.sign(wire.nanos || Number.NaN);
    fc.assert(
      fc.property(anyWire, (wire) => {
        expect(wireMoneyProblem(wire) === undefined).toBe(isValid(wire));
        if (isValid(wire)) expect(toWire(fromWire(wire))).toEqual(wire);
        else expect(() => fromWire(wire)).toThrow(RangeError);
      }),
      { numRuns: 500 },
    );
  });
});

describe('sum and times', () => {
  it('adds exactly, in any order and any grouping', () => {
    fc.assert(
      fc.property(fc.array(anyNanos, { maxLength: 20 }), fc.nat(20), (amounts, cut) => {
        const of = (list: readonly bigint[]): Money =>
          sum(
            'EUR',
            list.map((nanos) => money('EUR', nanos)),
          );
        const total = of(amounts);
        expect(total.nanos).toBe(amounts.reduce((a, b) => a + b, 0n));
        expect(of([...amounts].reverse())).toEqual(total);
        expect(sum('EUR', [of(amounts.slice(0, cut)), of(amounts.slice(cut))])).toEqual(total);
      }),
    );
  });

  it('returns zero for no amounts, and refuses another currency', () => {
    expect(sum('JPY', [])).toEqual(zero('JPY'));
    expect(() => sum('EUR', [money('EUR', 1n), money('USD', 1n)])).toThrow('cannot add USD to EUR');
  });

  it('multiplies like repeated addition, and only by whole numbers', () => {
    fc.assert(
      fc.property(anyMoney, fc.integer({ min: 0, max: 50 }), (amount, quantity) => {
        expect(times(amount, quantity)).toEqual(sum(amount.currency, Array(quantity).fill(amount)));
      }),
    );
    expect(() => times(money('EUR', 1n), 1.5)).toThrow(RangeError);
  });
});

describe('convert', () => {
  it('returns an amount of the same currency unchanged', () => {
    const usd = positiveRational('1.1305');
    fc.assert(
      fc.property(anyNanos, (nanos) => {
        expect(convert(money('USD', nanos), { currency: 'USD', rate: usd }, { rate: usd })).toEqual(
          money('USD', nanos),
        );
      }),
    );
  });

  it('is within half a nano of the exact quotient', () => {
    fc.assert(
      fc.property(anyNanos, anyRate, anyRate, (nanos, to, from) => {
        const { nanos: converted } = convert(money('USD', nanos), { currency: 'EUR', rate: to }, { rate: from });
        // exact = nanos * to / from, so |converted - exact| <= 1/2 without any division:
        const scale = to.denominator * from.numerator;
        const difference = 2n * (converted * scale - nanos * to.numerator * from.denominator);
        expect(difference <= scale && difference >= -scale).toBe(true);
      }),
    );
  });

  it('is monotone: a larger amount never converts to a smaller one', () => {
    fc.assert(
      fc.property(anyNanos, anyNanos, anyRate, anyRate, (a, b, to, from) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        const of = (nanos: bigint) => convert(money('USD', nanos), { currency: 'EUR', rate: to }, { rate: from }).nanos;
        expect(of(less) <= of(more)).toBe(true);
        expect(of(-a)).toBe(-of(a));
      }),
    );
  });

  it('rounds a tie to the even nano', () => {
    const half = { currency: 'EUR', rate: { numerator: 1n, denominator: 2n } };
    const one = { rate: { numerator: 1n, denominator: 1n } };
    expect([1n, 3n, 5n, -1n, -3n].map((nanos) => convert(money('USD', nanos), half, one).nanos)).toEqual([
      0n,
      2n,
      2n,
      0n,
      -2n,
    ]);
  });
});

describe('roundToMinorUnit', () => {
  it.each([
    ['EUR', 5_000_000n, 0n],
    ['EUR', 15_000_000n, 20_000_000n],
    ['EUR', 25_000_000n, 20_000_000n],
    ['EUR', -15_000_000n, -20_000_000n],
    ['JPY', 2_500_000_000n, 2_000_000_000n],
    ['JPY', 3_500_000_000n, 4_000_000_000n],
    ['BHD', 1_500_000n, 2_000_000n],
  ])('rounds ties to even: %s %s -> %s', (currency, nanos, expected) => {
    expect(roundToMinorUnit(money(currency, nanos)).nanos).toBe(expected);
  });

  it('returns a payable amount and is idempotent', () => {
    fc.assert(
      fc.property(anyMoney, (amount) => {
        const rounded = roundToMinorUnit(amount);
        const step = 10n ** BigInt(9 - minorUnitDigits(amount.currency));
        expect(rounded.nanos % step).toBe(0n);
        expect(roundToMinorUnit(rounded)).toEqual(rounded);
      }),
    );
  });
});

describe('toDecimal and formatMoney', () => {
  it.each([
    ['USD', 19_990_000_000n, '19.99', '$19.99'],
    ['USD', -1_234_567_890_000_000n, '-1234567.89', '-$1,234,567.89'],
    ['EUR', 5_000_000n, '0.00', '€0.00'],
    ['EUR', -5_000_000n, '0.00', '€0.00'],
    ['EUR', -15_000_000n, '-0.02', '-€0.02'],
    ['JPY', 2_515_000_000_000n, '2515', '¥2,515'],
    ['JPY', -1_000_000_000n, '-1', '-¥1'],
    ['KRW', 1_275_050_000_000_000n, '1275050', '₩1,275,050'],
    ['BHD', 1_234_500_000n, '1.234', 'BHD 1.234'],
    ['USD', MAX_NANOS - 9_999_999n, '9223372036854775807.99', '$9,223,372,036,854,775,807.99'],
    ['JPY', MIN_NANOS + 999_999_999n, '-9223372036854775808', '-¥9,223,372,036,854,775,808'],
  ])('writes %s %s as %s and %s', (currency, nanos, decimal, formatted) => {
    expect(toDecimal(money(currency, nanos))).toBe(decimal);
    // A no-break space separates a code and a number.
    expect(formatMoney(money(currency, nanos)).replaceAll('\u00a0', ' ')).toBe(formatted);
  });

  it('agree with decimal rounding of the digits, and with each other', () => {
    fc.assert(
      fc.property(anyMoney, (amount) => {
        expect(toDecimal(amount)).toBe(schoolbookDecimal(amount));
        const digitsShown = formatMoney(amount).replace(/[^\d.-]/g, '');
        expect(digitsShown).toBe(toDecimal(amount));
      }),
    );
  });
});

/** Rounds the decimal text, without division, as an independent reference. */
function schoolbookDecimal({ currency, nanos }: Money): string {
  const digits = minorUnitDigits(currency);
  const text = String(nanos).replace('-', '').padStart(10, '0');
  const kept = text.slice(0, text.length - 9 + digits);
  const dropped = text.slice(text.length - 9 + digits);
  const tie = `5${'0'.repeat(dropped.length - 1)}`;
  const up = dropped > tie || (dropped === tie && '13579'.includes(kept.slice(-1)));
  const rounded = String(BigInt(kept) + (up ? 1n : 0n)).padStart(digits + 1, '0');
  const sign = nanos < 0n && /[1-9]/.test(rounded) ? '-' : '';
  return sign + (digits === 0 ? rounded : `${rounded.slice(0, -digits)}.${rounded.slice(-digits)}`);
}

describe('fromDecimal', () => {
  it('reads what toDecimal writes', () => {
    for (const amount of [money('EUR', 17_680_000_000n), money('JPY', 2_515_000_000_000n), money('USD', 0n)]) {
      expect(fromDecimal(amount.currency, toDecimal(amount))).toEqual(amount);
    }
    expect(fromDecimal('EUR', '0.000000001')).toEqual(money('EUR', 1n));
  });

  it.each(['', '-1', '+1', '1.', '.5', '1,5', '1e3', ' 1', '0x1', '1.0000000001', '1'.repeat(19)])(
    'returns undefined for %j',
    (text) => expect(fromDecimal('EUR', text)).toBeUndefined(),
  );

  it('returns undefined for a text that is no currency code', () => {
    expect(fromDecimal('eur', '1')).toBeUndefined();
  });
});

describe('parseMoney', () => {
  const eur = (units: bigint, nanos = 0) => ({ currencyCode: 'EUR', units, nanos });

  it.each([
    ['any sign', eur(-1n), 'any'],
    ['zero where it must not be negative', eur(0n), 'not-negative'],
    ['the smallest amount where it must be positive', eur(0n, 1), 'positive'],
  ] as const)('returns an amount of %s', (_what, wire, sign) => {
    expect(parseMoney(wire, { sign, currency: 'EUR' })).toEqual({ ok: true, money: fromWire(wire) });
  });

  it.each([
    ['an absent amount', undefined, 'any', 'must be present'],
    ['a malformed amount', eur(1n, -1), 'any', 'is not an amount: units and nanos must have the same sign'],
    ['a negative amount', eur(0n, -1), 'not-negative', 'must not be negative'],
    ['zero', eur(0n), 'positive', 'must be more than zero'],
  ] as const)('refuses %s and says why', (_what, wire, sign, problem) => {
    expect(parseMoney(wire, { sign })).toEqual({ ok: false, problem });
  });

  it('refuses another currency', () => {
    expect(parseMoney(eur(1n), { sign: 'any', currency: 'USD' })).toEqual({ ok: false, problem: 'must be in USD' });
  });
});
