import { type Charge, newCharge, refundCharge } from './charge.ts';
import type { ChargeOutcome, ChargeStore } from './charge-store.ts';

const euros = (nanos: bigint) => ({ currency: 'EUR', nanos });

/** The contract of every charge store. Call it inside a `describe`. */
export function itKeepsCharges(subject: () => ChargeStore): void {
  let count = 0;
  const newName = (what: string): string => `${what}-${++count}`;
  const request = (key = newName('key'), fingerprint = 'content') => ({ key, fingerprint });
  const made = (nanos = 10n ** 27n + 1n): (() => ChargeOutcome) => {
    const charge = newCharge(newName('tx'), euros(nanos));
    return () => ({ made: charge });
  };
  const charged = async (nanos?: bigint): Promise<Charge> => {
    const { outcome } = await subject().charge({ key: undefined, fingerprint: 'content' }, made(nanos));
    if (!('made' in outcome)) throw new Error('it was declined');
    return outcome.made;
  };
  const refund = async (charge: Charge, nanos: bigint, { key, fingerprint } = request()) => {
    const { transactionId } = charge;
    const refundId = newName('refund');
    return await subject().refund({ key, fingerprint, transactionId, refundId }, (current) =>
      refundCharge(current, euros(nanos)),
    );
  };

  describe('a charge', () => {
    it('is made once per key, also by concurrent calls, and keeps its exact amount', async () => {
      const once = request();
      const all = await Promise.all(Array.from({ length: 10 }, () => subject().charge(once, made())));
      expect(all.filter(({ isRepeat }) => !isRepeat)).toHaveLength(1);
      const first = all.find(({ isRepeat }) => !isRepeat)?.outcome;
      expect(first).toMatchObject({ made: { amount: euros(10n ** 27n + 1n), refunded: euros(0n) } });
      for (const { outcome } of all) expect(outcome).toEqual(first);
    });

    it('is made by every call without a key', async () => {
      const [one, other] = [await charged(), await charged()];
      expect(one.transactionId).not.toBe(other.transactionId);
    });

    it('is declined once per key: a repeat gets the same decline', async () => {
      const once = request();
      const declined = { outcome: { declined: 'CARD_EXPIRED' } } as const;
      expect(await subject().charge(once, () => declined.outcome)).toEqual({ ...declined, isRepeat: false });
      expect(await subject().charge(once, made())).toEqual({ ...declined, isRepeat: true });
    });

    it('is refused when its key was used with other content', async () => {
      const { key } = request();
      await subject().charge(request(key), made());
      const other = subject().charge(request(key, 'other content'), made());
      await expect(other).rejects.toMatchObject({ reason: 'IDEMPOTENCY_KEY_REUSED' });
    });

    it('is refused when its key was fenced, and only then', async () => {
      const once = request();
      expect(await subject().findOrFence(once.key)).toBeUndefined();
      expect(await subject().findOrFence(once.key)).toBeUndefined();
      await expect(subject().charge(once, made())).rejects.toMatchObject({ reason: 'IDEMPOTENCY_KEY_FENCED' });
    });

    it('is either made or fenced when both are tried at the same time', async () => {
      for (let round = 0; round < 10; round += 1) {
        const once = request();
        const [charge, found] = await Promise.allSettled([
          subject().charge(once, made()),
          subject().findOrFence(once.key),
        ]);
        const isMade = charge.status === 'fulfilled';
        expect([isMade, found.status === 'fulfilled' && found.value !== undefined]).toEqual([isMade, isMade]);
      }
    });
  });

  describe('a refund', () => {
    it('changes the charge that repeats of Charge and lookups return', async () => {
      const once = request();
      const charge = made(100n);
      const { outcome } = await subject().charge(once, charge);
      if (!('made' in outcome)) throw new Error('it was declined');
      const { isRepeat } = await refund(outcome.made, 40n);
      expect(isRepeat).toBe(false);
      const now = { made: { ...outcome.made, refunded: euros(40n) } };
      expect(await subject().charge(once, charge)).toEqual({ outcome: now, isRepeat: true });
      expect(await subject().findOrFence(once.key)).toEqual(now);
    });

    it('is made once per key, also by concurrent calls', async () => {
      const charge = await charged(100n);
      const once = request();
      const all = await Promise.all(Array.from({ length: 10 }, () => refund(charge, 60n, once)));
      expect(all.filter(({ isRepeat }) => !isRepeat)).toHaveLength(1);
      expect(new Set(all.map(({ refundId }) => refundId)).size).toBe(1);
      await expect(refund(charge, 60n, { ...once, fingerprint: 'other content' })).rejects.toMatchObject({
        reason: 'IDEMPOTENCY_KEY_REUSED',
      });
    });

    it('never exceeds the charge, also when several are made at the same time', async () => {
      const charge = await charged(100n);
      const all = await Promise.allSettled(Array.from({ length: 10 }, () => refund(charge, 30n)));
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
      for (const one of all) {
        if (one.status === 'rejected') expect(one.reason).toMatchObject({ reason: 'REFUND_EXCEEDS_CHARGE' });
      }
    });

    it('is refused for an unknown charge, and leaves its key unused', async () => {
      const once = request();
      const unknown = newCharge('no such charge', euros(1n));
      await expect(refund(unknown, 1n, once)).rejects.toMatchObject({ reason: 'TRANSACTION_UNKNOWN' });
      expect(await refund(await charged(1n), 1n, once)).toMatchObject({ isRepeat: false });
    });
  });
}
