import { status } from '@grpc/grpc-js';
import { MAX_BATCH } from '../../domain/limits.ts';
import { type Money, parseMoney, toWire, type WireMoney } from '../../domain/money.ts';
import type { CurrencyServiceDefinition } from '../../genproto/hipstershop/currency.ts';
import { DomainError } from '../../lib/errors.ts';
import { invalidField } from '../../lib/fields.ts';
import type { CallContext } from '../../lib/grpc/call-context.ts';
import type { UpstreamCalls } from '../../lib/grpc/client.ts';
import { withFallback } from '../../lib/grpc/fallback.ts';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';

/** What checkout needs of the currency service. */
export type CurrencyClient = {
  /**
   * Converts amounts and returns them in the same order. Makes no call when every amount has the currency already.
   *
   * @throws {DomainError} USER_CURRENCY_INVALID when the service does not know the currency
   * @throws {DomainError} CONVERSION_UNUSABLE when the service returns too few amounts, another currency, or zero for goods
   */
  readonly convert: (amounts: readonly Money[], toCode: string, call: CallContext) => Promise<readonly Money[]>;
};

/** Without BatchConvert, as in the original protocol, the amounts are converted one by one, in parallel. */
export function currencyClient(upstream: UpstreamCalls<CurrencyServiceDefinition>, now: () => number): CurrencyClient {
  const batch = withFallback(
    now,
    async (amounts: readonly Money[], toCode: string, call: CallContext) =>
      (
        await Promise.all(
          batchesOf(amounts.map(toWire)).map(
            async (from) => (await upstream.batchConvert({ from, toCode }, call)).converted,
          ),
        )
      ).flat(),
    async (amounts, toCode, call) =>
      await Promise.all(amounts.map((amount) => upstream.convert({ from: toWire(amount), toCode }, call))),
  );
  return {
    convert: async (amounts, toCode, call) => {
      if (amounts.every((amount) => amount.currency === toCode)) return amounts;
      try {
        const converted = await batch(amounts, toCode, call);
        if (converted.length !== amounts.length) throw unusable();
        return converted.map((wire, index) => usableAmount(wire, toCode, amounts[index]));
      } catch (error) {
        if (!(error instanceof UpstreamError && error.code === status.INVALID_ARGUMENT)) throw error;
        // A service of the original protocol names no field; an unknown currency is its only INVALID_ARGUMENT.
        if ((error.metadata.field ?? 'to_code') !== 'to_code') throw unusable(error);
        throw invalidField('user_currency', 'must be a supported currency');
      }
    },
  };
}

// The original returns zero with status OK for an unknown currency: goods must not be sold for that.
function usableAmount(wire: WireMoney, toCode: string, from: Money | undefined): Money {
  const isFree = from?.nanos === 0n;
  const parsed = parseMoney(wire, { sign: isFree ? 'not-negative' : 'positive', currency: toCode });
  if (!parsed.ok || (isFree && parsed.money.nanos !== 0n)) throw unusable();
  return parsed.money;
}

// The prices of a full cart plus shipping exceed the limit of one BatchConvert by one amount.
function batchesOf<T>(values: readonly T[]): T[][] {
  const count = Math.ceil(values.length / MAX_BATCH);
  return Array.from({ length: count }, (_, index) => values.slice(index * MAX_BATCH, (index + 1) * MAX_BATCH));
}

function unusable(cause?: unknown): DomainError {
  const message = 'prices cannot be converted now, try again later';
  return new DomainError('unavailable', 'CONVERSION_UNUSABLE', message, { cause });
}
