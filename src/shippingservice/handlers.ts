import { requireAddress } from '../domain/address.ts';
import { optionalIdempotencyKey, requireId, requireIdempotencyKey } from '../domain/ids.ts';
import { toWire } from '../domain/money.ts';
import { ShipOrderRequest, type ShippingServiceDefinition } from '../genproto/hipstershop/shipping.ts';
import { DomainError } from '../lib/errors.ts';
import { invalidField, requirePresent } from '../lib/fields.ts';
import type { Handlers } from '../lib/grpc/server.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
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
  const { store } = deps;
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
      const content = ShipOrderRequest.encode({ ...request, idempotencyKey: undefined }).finish();
      const trackingId = await store.orders.once(key, content, () => ship(deps));
      return { trackingId, ...(store.find(trackingId)?.cancelled && { cancelled: true }) };
    },

    cancelShipment: async (request) => {
      const trackingId = await shipmentToCancel(store, request);
      if (trackingId !== undefined) cancel(deps, trackingId);
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
  return await store.orders.findOrFence(requireIdempotencyKey(idempotencyKey));
}

function ship({ store, events, newId }: Deps): string {
  const trackingId = trackingIdOf(newId());
  store.keep({ trackingId, cancelled: false });
  events.orderShipped({ trackingId });
  return trackingId;
}

function cancel({ store, events }: Deps, trackingId: string): void {
  const shipment = store.find(trackingId);
  if (shipment === undefined)
    throw new DomainError('not-found', 'SHIPMENT_UNKNOWN', 'no shipment has this tracking id');
  if (shipment.cancelled) return;
  store.keep({ ...shipment, cancelled: true });
  events.shipmentCancelled({ trackingId });
}
