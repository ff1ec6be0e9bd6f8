import type { EmbeddedDatabase } from '../lib/store/embedded-database.ts';
import { idempotentTable } from '../lib/store/idempotent-table.ts';
import type { Shipment } from './shipment.ts';
import { type ShipmentStore, shipmentUnknown } from './shipment-store.ts';

/** Stores shipments in a database in files of this machine. */
export function openLmdbShipmentStore(database: EmbeddedDatabase): ShipmentStore {
  const shipments = database.table<Shipment>('shipments');
  const orders = idempotentTable<string>(database, 'order-keys');

  const requireShipment = (trackingId: string): Shipment => {
    const shipment = shipments.get([trackingId]);
    if (shipment === undefined) throw shipmentUnknown();
    return shipment;
  };

  return {
    ship: async (request, trackingId) =>
      await database.write(() => {
        const { result, isRepeat } = orders.once(request, () => {
          shipments.put([trackingId], { trackingId, cancelled: false });
          return trackingId;
        });
        return { shipment: requireShipment(result), isRepeat };
      }),
    findOrFence: async (key) =>
      await database.write(() => {
        const trackingId = orders.findOrFence(key);
        return trackingId === undefined ? undefined : requireShipment(trackingId);
      }),
    cancel: async (trackingId) =>
      await database.write(() => {
        if (requireShipment(trackingId).cancelled) return false;
        shipments.put([trackingId], { trackingId, cancelled: true });
        return true;
      }),
  };
}
