import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { decodeJson, encodeJson } from '../../lib/store/json-codec.ts';
import type { Order, OrderEvent, Purchase } from '../order/order.ts';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The key that encrypts the personal data of one user. Deleting the key erases that data. */
export type UserKey = {
  readonly keyId: string;
  /** 32 bytes in base64. */
  readonly secret: string;
};

type PersonalData = Pick<Purchase, 'email' | 'address'>;

/** Encrypted personal data. `data` is initialization vector, authentication tag and ciphertext, in base64. */
type Sealed = { readonly sealed: { readonly keyId: string; readonly data: string } };

/** The stored form of a purchase. The first version of the store kept personal data unsealed. */
export type StoredPurchase = Omit<Purchase, keyof PersonalData> & (Sealed | PersonalData);

/** The stored form of an event. */
export type StoredEvent = WithStoredPurchase<OrderEvent>;

/** The stored form of an order: a row of the projection. */
export type OrderRow = WithStoredPurchase<Order>;

type WithStoredPurchase<T> = T extends { readonly purchase: Purchase }
  ? Omit<T, 'purchase'> & { readonly purchase: StoredPurchase }
  : T;

const ERASED: PersonalData = {
  email: '',
  address: { streetAddress: '', city: '', state: '', country: '', zipCode: 0, postalCode: undefined },
};

export function newUserKey(): UserKey {
  return { keyId: randomUUID(), secret: randomBytes(KEY_BYTES).toString('base64') };
}

/** Encrypts the e-mail address and the shipping address. */
export function sealPurchase({ email, address, ...rest }: Purchase, { keyId, secret }: UserKey): StoredPurchase {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, Buffer.from(secret, 'base64'), iv).setAAD(Buffer.from(rest.orderId));
  const ciphertext = Buffer.concat([cipher.update(encodeJson({ email, address })), cipher.final()]);
  const data = Buffer.concat([iv, cipher.getAuthTag(), ciphertext]).toString('base64');
  return { ...rest, sealed: { keyId, data } };
}

/**
 * Decrypts a stored purchase. Its personal data is empty when the key was deleted.
 *
 * @param key the key of the user; `undefined` when the user has none
 */
export function openPurchase(stored: StoredPurchase, key: UserKey | undefined): Purchase {
  if (!('sealed' in stored)) return stored;
  const { sealed, ...rest } = stored;
  // A user who was erased and ordered again has another key.
  if (sealed.keyId !== key?.keyId) return { ...rest, ...ERASED };
  const data = Buffer.from(sealed.data, 'base64');
  const decipher = createDecipheriv(ALGORITHM, Buffer.from(key.secret, 'base64'), data.subarray(0, IV_BYTES))
    .setAAD(Buffer.from(rest.orderId))
    .setAuthTag(data.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const text = Buffer.concat([decipher.update(data.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString();
  return { ...rest, ...decodeJson<PersonalData>(text) };
}

export function openOrder(row: OrderRow, key: UserKey | undefined): Order {
  return { ...row, purchase: openPurchase(row.purchase, key) };
}

export function openEvent(stored: StoredEvent, key: UserKey | undefined): OrderEvent {
  return stored.type === 'placed' ? { ...stored, purchase: openPurchase(stored.purchase, key) } : stored;
}

/** Removes personal data that was stored unsealed, because deleting the key does not erase it. */
export function withoutUnsealed(stored: StoredPurchase): StoredPurchase {
  return 'sealed' in stored ? stored : { ...stored, ...ERASED };
}
