import type { EmbeddedDatabase } from '../lib/store/embedded-database.ts';
import { idempotentTable } from '../lib/store/idempotent-table.ts';
import type { DeclineReason } from '../reasons.ts';
import type { Charge } from './charge.ts';
import { type ChargeOutcome, type ChargeStore, transactionUnknown } from './charge-store.ts';

type StoredOutcome = { readonly transactionId: string } | { readonly declined: DeclineReason };

/** Stores charges in a database in files of this machine. */
export function openLmdbChargeStore(database: EmbeddedDatabase): ChargeStore {
  const charges = database.table<Charge>('charges');
  const outcomes = idempotentTable<StoredOutcome>(database, 'charge-keys');
  const refunds = idempotentTable<string>(database, 'refund-keys');

  const requireCharge = (transactionId: string): Charge => {
    const charge = charges.get([transactionId]);
    if (charge === undefined) throw transactionUnknown();
    return charge;
  };

  const current = (stored: StoredOutcome): ChargeOutcome =>
    'declined' in stored ? stored : { made: requireCharge(stored.transactionId) };

  const store = (outcome: ChargeOutcome): StoredOutcome => {
    if ('declined' in outcome) return outcome;
    charges.put([outcome.made.transactionId], outcome.made);
    return { transactionId: outcome.made.transactionId };
  };

  return {
    charge: async (request, decide) =>
      await database.write(() => {
        const { result, isRepeat } = outcomes.once(request, () => store(decide()));
        return { outcome: current(result), isRepeat };
      }),
    findOrFence: async (key) =>
      await database.write(() => {
        const stored = outcomes.findOrFence(key);
        return stored === undefined ? undefined : current(stored);
      }),
    refund: async ({ transactionId, refundId, ...request }, refunded) =>
      await database.write(() => {
        const { result, isRepeat } = refunds.once(request, () => {
          charges.put([transactionId], refunded(requireCharge(transactionId)));
          return refundId;
        });
        return { refundId: result, isRepeat };
      }),
  };
}
