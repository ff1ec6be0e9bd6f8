import { type Money, roundToMinorUnit, toWire } from '../../domain/money.ts';
import type { CurrencyServiceDefinition } from '../../genproto/hipstershop/currency.ts';
import type { ShippingServiceDefinition } from '../../genproto/hipstershop/shipping.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { PeerCalls } from '../../lib/grpc/client.ts';
import { withFallback } from '../../lib/grpc/fallback.ts';
import { DEFAULT_CURRENCY, OFFERED_CURRENCIES } from '../page/offered-currencies.ts';
import { inBatches } from './in-batches.ts';
import { requireAmount, unusableAnswer } from './unusable-answer.ts';

/** Prices and currencies, as the pages need them. */
export type PriceClient = {
  /** The offered currencies that can be converted to, in the order they are shown. */
  readonly currencies: (call: CallContext) => Promise<readonly string[]>;
  /** Converts amounts, in their order, rounded to the minor unit. Those that are of the currency already are not asked for. */
  readonly convert: (amounts: readonly Money[], toCode: string, call: CallContext) => Promise<readonly Money[]>;
  /** What shipping costs, in the currency of the catalogue. */
  readonly quote: (items: readonly { productId: string; quantity: number }[], call: CallContext) => Promise<Money>;
};

const CONVERSION = { peer: 'currencyservice', rpc: 'BatchConvert' };
const QUOTE = { peer: 'shippingservice', rpc: 'GetQuote' };

/** Adapts the currency and the shipping service. A currency service without BatchConvert is asked for each amount. */
export function priceClient(deps: {
  currency: PeerCalls<CurrencyServiceDefinition>;
  shipping: PeerCalls<ShippingServiceDefinition>;
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
      const converted = await inBatches(amounts, (some) => batch(some, toCode, call));
      if (converted.length !== amounts.length) {
        throw unusableAnswer(CONVERSION, `${converted.length} amounts for ${amounts.length}`);
      }
      return converted.map((wire) => roundToMinorUnit(requireAmount(wire, CONVERSION, toCode)));
    },
    quote: async (items, call) => {
      const { costUsd } = await shipping.getQuote({ address: undefined, items: [...items] }, call);
      return requireAmount(costUsd, QUOTE, DEFAULT_CURRENCY);
    },
  };
}
