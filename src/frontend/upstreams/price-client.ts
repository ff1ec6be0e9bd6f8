import { type Money, roundToMinorUnit, toWire } from '../../domain/money.ts';
import type { CurrencyServiceDefinition } from '../../genproto/hipstershop/currency.ts';
import type { ShippingServiceDefinition } from '../../genproto/hipstershop/shipping.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { UpstreamCalls } from '../../lib/grpc/client.ts';
import { withFallback } from '../../lib/grpc/fallback.ts';
import { DEFAULT_CURRENCY, OFFERED_CURRENCIES } from '../page/offered-currencies.ts';
import { inBatches } from './in-batches.ts';
import { requireAmount, unusableResponse } from './unusable-response.ts';

/** Prices and currencies, as the pages need them. */
export type PriceClient = {
  /** The offered currencies that can be converted to, in the order they are shown. */
  readonly currencies: (call: CallContext) => Promise<readonly string[]>;
  /**
   * Converts amounts and rounds them to the minor unit; the keys stay. Amounts that are all of the currency already need
   * no call.
   */
  readonly convert: (
    amounts: ReadonlyMap<string, Money>,
    toCode: string,
    call: CallContext,
  ) => Promise<ReadonlyMap<string, Money>>;
  /** The shipping cost in the currency of the catalogue. */
  readonly quote: (items: readonly { productId: string; quantity: number }[], call: CallContext) => Promise<Money>;
};

const CONVERSION = { upstream: 'currencyservice', rpc: 'BatchConvert' };
const QUOTE = { upstream: 'shippingservice', rpc: 'GetQuote' };

/** Adapts the currency and the shipping service. Without BatchConvert it makes one call per amount. */
export function priceClient(deps: {
  currency: UpstreamCalls<CurrencyServiceDefinition>;
  shipping: UpstreamCalls<ShippingServiceDefinition>;
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
    convert: async (keyed, toCode, call) => {
      const amounts = [...keyed.values()];
      if (amounts.every((amount) => amount.currency === toCode)) return mapValues(keyed, roundToMinorUnit);
      const converted = await inBatches(amounts, (some) => batch(some, toCode, call));
      if (converted.length !== amounts.length) {
        throw unusableResponse(CONVERSION, `${converted.length} amounts for ${amounts.length}`);
      }
      const inOrder = converted.values();
      // The RPC returns amounts in the order of the request, which is the order of the keys.
      return mapValues(keyed, () => roundToMinorUnit(requireAmount(inOrder.next().value, CONVERSION, toCode)));
    },
    quote: async (items, call) => {
      const { costUsd } = await shipping.getQuote({ address: undefined, items: [...items] }, call);
      return requireAmount(costUsd, QUOTE, DEFAULT_CURRENCY);
    },
  };
}

function mapValues<T, U>(map: ReadonlyMap<string, T>, change: (value: T) => U): ReadonlyMap<string, U> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}
