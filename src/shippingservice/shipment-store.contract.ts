import type { KeyedRequest } from '../lib/store/idempotent-table.ts';
import type { ShipmentStore } from './shipment-store.ts';

/** The contract of every shipment store. Call it inside a `describe`. */
export function itKeepsShipments(subject: () => ShipmentStore): void {
  let count = 0;
  const newName = (what: string): string => `${what}-${++count}`;
  const request = (key = newName('key'), fingerprint = 'content') => ({ key, fingerprint });
  const ship = async (once: KeyedRequest = request()) => await subject().ship(once, newName('parcel'));

  describe('a shipment', () => {
    it('is made once per key of an order, also by concurrent calls', async () => {
      const once = request();
      const all = await Promise.all(Array.from({ length: 10 }, () => ship(once)));
      expect(all.filter(({ isRepeat }) => !isRepeat)).toHaveLength(1);
      expect(new Set(all.map(({ shipment }) => shipment.trackingId)).size).toBe(1);
      expect(await subject().findOrFence(once.key)).toEqual(all[0]?.shipment);
    });

    it('is made by every call without a key', async () => {
      const keyless = { key: undefined, fingerprint: 'content' };
      const [one, other] = [await ship(keyless), await ship(keyless)];
      expect(one.shipment.trackingId).not.toBe(other.shipment.trackingId);
    });

    it('is refused when its key was used with other content', async () => {
      const { key } = request();
      await ship(request(key));
      await expect(ship(request(key, 'other content'))).rejects.toMatchObject({ reason: 'IDEMPOTENCY_KEY_REUSED' });
    });

    it('is refused when its key was fenced', async () => {
      const once = request();
      expect(await subject().findOrFence(once.key)).toBeUndefined();
      expect(await subject().findOrFence(once.key)).toBeUndefined();
      await expect(ship(once)).rejects.toMatchObject({ reason: 'IDEMPOTENCY_KEY_FENCED' });
    });

    it('is either made or fenced when both are tried at the same time', async () => {
      for (let round = 0; round < 10; round += 1) {
        const once = request();
        const [shipped, found] = await Promise.allSettled([ship(once), subject().findOrFence(once.key)]);
        const isMade = shipped.status === 'fulfilled';
        expect([isMade, found.status === 'fulfilled' && found.value !== undefined]).toEqual([isMade, isMade]);
      }
    });

    it('is cancelled by one of many concurrent calls, and repeats return it as cancelled', async () => {
      const once = request();
      const { trackingId } = (await ship(once)).shipment;
      const all = await Promise.all(Array.from({ length: 10 }, () => subject().cancel(trackingId)));
      expect(all.filter((cancelled) => cancelled)).toHaveLength(1);
      expect((await ship(once)).shipment).toEqual({ trackingId, cancelled: true });
      expect(await subject().findOrFence(once.key)).toEqual({ trackingId, cancelled: true });
    });

    it('cannot be cancelled when it is unknown', async () => {
      await expect(subject().cancel('no such parcel')).rejects.toMatchObject({ reason: 'SHIPMENT_UNKNOWN' });
    });
  });
}
