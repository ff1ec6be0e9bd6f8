import { convert, fitsWire, type Money, parseMoney, type WireMoney } from '../domain/money.ts';
import type { Rational } from '../domain/rational.ts';
import type { Reason } from '../lib/error-reason.ts';
import { DomainError } from '../lib/errors.ts';
import type { Rates } from './rates.ts';

/**
 * Converts one amount, exactly to a billionth of a unit, rounded once, half to even.
 *
 * @param to.field the path of the amount in the request, for the error
 * @throws {DomainError} CURRENCY_UNKNOWN when a code is not in the table
 * @throws {DomainError} MONEY_INVALID when the amount breaks a rule of google.type.Money
 * @throws {DomainError} MONEY_OUT_OF_RANGE when the result does not fit the wire
 */
export function convertAmount(rates: Rates, from: WireMoney | undefined, to: { code: string; field: string }): Money {
  const amount = parseMoney(from, { sign: 'any' });
  if (!amount.ok) throw badAmount('MONEY_INVALID', to.field, amount.problem);
  const fromRate = requireRate(rates, amount.money.currency, `${to.field}.currency_code`);
  const toRate = requireRate(rates, to.code, 'to_code');
  const converted = convert(amount.money, { currency: to.code, rate: toRate }, { rate: fromRate });
  if (!fitsWire(converted)) throw badAmount('MONEY_OUT_OF_RANGE', to.field, `is too large in ${to.code}`);
  return converted;
}

function requireRate(rates: Rates, code: string, field: string): Rational {
  const rate = rates.get(code);
  if (rate === undefined) {
    throw badAmount('CURRENCY_UNKNOWN', field, 'is not a supported currency; see GetSupportedCurrencies');
  }
  return rate;
}

function badAmount(reason: Reason, field: string, problem: string): DomainError {
  return new DomainError('invalid', reason, `${field} ${problem}`, { metadata: { field } });
}
