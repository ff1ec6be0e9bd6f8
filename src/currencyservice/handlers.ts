import { MAX_BATCH } from '../domain/limits.ts';
import { toWire } from '../domain/money.ts';
import type { CurrencyServiceDefinition } from '../genproto/hipstershop/currency.ts';
import { requireAtMost } from '../lib/fields.ts';
import type { Handlers } from '../lib/grpc/server.ts';
import { convertAmount } from './conversion.ts';
import type { Rates } from './rates.ts';

/** The RPCs of the currency service. */
export function currencyHandlers(deps: { rates: Rates }): Handlers<CurrencyServiceDefinition> {
  return {
    getSupportedCurrencies: async () => ({ currencyCodes: [...deps.rates.keys()] }),

    convert: async ({ from, toCode }) => toWire(convertAmount(deps.rates, from, { code: toCode, field: 'from' })),

    batchConvert: async ({ from, toCode }) => ({
      converted: requireAtMost('from', from, MAX_BATCH).map((amount, index) =>
        toWire(convertAmount(deps.rates, amount, { code: toCode, field: `from[${index}]` })),
      ),
    }),
  };
}
