/** A shipment. The address is not stored. */
export type Shipment = { readonly trackingId: string; readonly cancelled: boolean };

/**
 * Makes a tracking id from a UUID: `MC-` and the 128 bits of the UUID as 26 characters, so different UUIDs have different
 * tracking ids. Source: RFC 4648, section 7 (the alphabet).
 */
export function trackingIdOf(uuid: string): string {
  const bits = BigInt(`0x${uuid.replaceAll('-', '')}`);
  return `MC-${bits.toString(32).toUpperCase().padStart(26, '0')}`;
}
