import { status } from '@grpc/grpc-js';
import type { CurrencyServiceService } from '../../genproto/hipstershop/currency.ts';
import { DomainError } from '../../lib/errors.ts';
import { invalidField } from '../../lib/fields.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { PeerCalls } from '../../lib/grpc/client.ts';
import { withFallback } from '../../lib/grpc/fallback.ts';
import { PeerError } from '../../lib/grpc/peer-error.ts';
import { fromWire, type Money, toWire, type WireMoney, wireMoneyProblem } from '../../lib/money.ts';

/** The currency service, as checkout needs it. */
export type CurrencyClient = {
  /**
   * Converts amounts, in their order; those that are of the currency already are not asked for.
   *
   * @throws {DomainError} USER_CURRENCY_INVALID when the service does not know the currency
   */
  readonly convert: (amounts: readonly Money[], toCode: string, call: CallContext) => Promise<readonly Money[]>;
};

/** Adapts the currency service. One without BatchConvert is asked for each amount, all at once. */
export function currencyClient(peer: PeerCalls<CurrencyServiceService>, now: () => number): CurrencyClient {
  const batch = withFallback(
    now,
    async (amounts: readonly Money[], toCode: string, call: CallContext) =>
      (await peer.batchConvert({ from: amounts.map(toWire), toCode }, call)).converted,
    async (amounts, toCode, call) =>
      await Promise.all(amounts.map((amount) => peer.convert({ from: toWire(amount), toCode }, call))),
  );
  return {
    convert: async (amounts, toCode, call) => {
      if (amounts.every((amount) => amount.currency === toCode)) return amounts;
      try {
        const converted = await batch(amounts, toCode, call);
        if (converted.length !== amounts.length) throw unusable();
        return converted.map((wire, index) => usableAmount(wire, toCode, amounts[index]));
      } catch (error) {
        if (error instanceof PeerError && error.code === status.INVALID_ARGUMENT) {
          throw invalidField('user_currency', 'must be a supported currency');
        }
        throw error;
      }
    },
  };
}

// The original answers an unknown currency with nothing and status OK: nobody is to buy for that.
function usableAmount(wire: WireMoney, toCode: string, from: Money | undefined): Money {
  if (wireMoneyProblem(wire) !== undefined || wire.currencyCode !== toCode) throw unusable();
  const converted = fromWire(wire);
  if (converted.nanos === 0n && from?.nanos !== 0n) throw unusable();
  return converted;
}

function unusable(): DomainError {
  return new DomainError('unavailable', 'CONVERSION_UNUSABLE', 'prices cannot be converted now, try again later');
}
