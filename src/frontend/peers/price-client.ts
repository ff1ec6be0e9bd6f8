import type { CurrencyServiceService } from '../../genproto/hipstershop/currency.ts';
import type { ShippingServiceService } from '../../genproto/hipstershop/shipping.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { PeerCalls } from '../../lib/grpc/client.ts';
import { withFallback } from '../../lib/grpc/fallback.ts';
import { fromWire, type Money, roundToMinorUnit, toWire, wireMoneyProblem } from '../../lib/money.ts';
import { OFFERED_CURRENCIES } from '../visit.ts';

/** Prices and currencies, as the pages need them. */
export type PriceClient = {
  /** The offered currencies that can be converted to, in the order they are shown. */
  readonly currencies: (call: CallContext) => Promise<readonly string[]>;
  /** Converts amounts, in their order, rounded to the minor unit. Those that are of the currency already are not asked for. */
  readonly convert: (amounts: readonly Money[], toCode: string, call: CallContext) => Promise<readonly Money[]>;
  /** What shipping costs, in the currency of the catalogue. */
  readonly quote: (items: readonly { productId: string; quantity: number }[], call: CallContext) => Promise<Money>;
};

/** Adapts the currency and the shipping service. A currency service without BatchConvert is asked for each amount. */
export function priceClient(deps: {
  currency: PeerCalls<CurrencyServiceService>;
  shipping: PeerCalls<ShippingServiceService>;
  now: () => number;
}): PriceClient {
  const { currency, shipping } = deps;
  const batch = withFallback(
    deps.now,
    async (amounts: readonly Money[], toCode: string, call: CallContext) =>
      (await currency.batchConvert({ from: amounts.map(toWire), toCode }, call)).converted,
    async (amounts, toCode, call) =>
      await Promise.all(amounts.map((amount) => currency.convert({ from: toWire(amount), toCode }, call))),
  );
  return {
    currencies: async (call) => {
      const { currencyCodes } = await currency.getSupportedCurrencies({}, call);
      return OFFERED_CURRENCIES.filter((code) => currencyCodes.includes(code));
    },
    convert: async (amounts, toCode, call) => {
      if (amounts.every((amount) => amount.currency === toCode)) return amounts.map(roundToMinorUnit);
      const converted = await batch(amounts, toCode, call);
      return converted.map((wire) => roundToMinorUnit(fromWire(wire)));
    },
    quote: async (items, call) => {
      const { costUsd } = await shipping.getQuote({ address: undefined, items: [...items] }, call);
      if (costUsd === undefined || wireMoneyProblem(costUsd) !== undefined) throw new Error('unusable quote');
      return fromWire(costUsd);
    },
  };
}
