import { requireAddress } from '../domain/address.ts';
import { optionalIdempotencyKey, requireId, requireIdempotencyKey } from '../domain/ids.ts';
import { toWire } from '../domain/money.ts';
import { ShipOrderRequest, type ShippingServiceDefinition } from '../genproto/hipstershop/shipping.ts';
import { invalidField, requirePresent } from '../lib/fields.ts';
import type { Handlers } from '../lib/grpc/server.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { fingerprintOf } from '../lib/store/idempotent-table.ts';
import type { ShippingEvents } from './events.ts';
import { requireLines } from './parcel.ts';
import { quoteFor } from './quote.ts';
import { trackingIdOf } from './shipment.ts';
import type { ShipmentStore } from './shipment-store.ts';

type Deps = { readonly store: ShipmentStore; readonly events: ShippingEvents } & Pick<Runtime, 'newId'>;

// `zip_code` is not checked: clients truncate a longer number to an arbitrary value.
const DESTINATION = { requiredParts: [] };

/** The RPCs of the shipping service. */
export function shippingHandlers(deps: Deps): Handlers<ShippingServiceDefinition> {
  const { store, events, newId } = deps;
  return {
    getQuote: async (request) => {
      // The price does not depend on the address, but an invalid one must be refused before the charge.
      if (request.address !== undefined) requireAddress('address', request.address, DESTINATION);
      return { costUsd: toWire(quoteFor(requireLines(request.items).length)) };
    },

    shipOrder: async (request) => {
      const key = optionalIdempotencyKey(request.idempotencyKey);
      requireAddress('address', requirePresent('address', request.address), DESTINATION);
      if (requireLines(request.items).length === 0) throw invalidField('items', 'must have at least one element');
      const fingerprint = fingerprintOf(ShipOrderRequest.encode({ ...request, idempotencyKey: undefined }).finish());
      const { shipment, isRepeat } = await store.ship({ key, fingerprint }, trackingIdOf(newId()));
      const { trackingId, cancelled } = shipment;
      if (!isRepeat) events.orderShipped({ trackingId });
      return { trackingId, ...(cancelled && { cancelled }) };
    },

    cancelShipment: async (request) => {
      const trackingId = await shipmentToCancel(store, request);
      if (trackingId !== undefined && (await store.cancel(trackingId))) events.shipmentCancelled({ trackingId });
      return {};
    },
  };
}

/** Returns the tracking id; `undefined` when the key was unknown and is now fenced. */
async function shipmentToCancel(
  store: ShipmentStore,
  request: { readonly trackingId: string; readonly idempotencyKey: string },
): Promise<string | undefined> {
  const { trackingId, idempotencyKey } = request;
  if (trackingId !== '') return requireId('tracking_id', trackingId);
  if (idempotencyKey === '') throw invalidField('tracking_id', 'must not be empty unless there is an idempotency_key');
  return (await store.findOrFence(requireIdempotencyKey(idempotencyKey)))?.trackingId;
}
