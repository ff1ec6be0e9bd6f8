/** Goods that were handed over. Nothing of the address is kept. */
export type Shipment = { readonly trackingId: string; readonly cancelled: boolean };

/**
 * Makes a tracking id of a UUID: `MC-` and the UUID's 128 bits as 26 characters, so that two ids are equal only when
 * their UUIDs are. It says nothing of the shipment. Source: RFC 4648, section 7 (the alphabet).
 */
export function trackingIdOf(uuid: string): string {
  const bits = BigInt(`0x${uuid.replaceAll('-', '')}`);
  return `MC-${bits.toString(32).toUpperCase().padStart(26, '0')}`;
}
