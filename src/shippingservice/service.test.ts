import { type ShipOrderRequest, ShippingServiceDefinition } from '../genproto/hipstershop/shipping.ts';
import type { RunningService } from '../lib/runtime/runtime.ts';
import { temporaryFolder } from '../lib/testing/temporary-folder.ts';
import { failureOfCall, type TestClient, testClient } from '../lib/testing/test-client.ts';
import { TEST_START_MS, type TestRuntime, testRuntime } from '../lib/testing/test-runtime.ts';
import { readConfig } from './config.ts';
import { start } from './service.ts';

const home = {
  streetAddress: '1600 Amphitheatre Parkway',
  city: 'Mountain View',
  state: 'CA',
  country: 'United States',
  zipCode: 94_043,
};
const mug = { productId: '6E92ZMYYFZ', quantity: 1 };
const lines = (count: number) => Array.from({ length: count }, (_, i) => ({ productId: `product-${i}`, quantity: 1 }));

describe('the shipping service', () => {
  let runtime: TestRuntime;
  const folder = temporaryFolder();
  let service: RunningService;
  let shipping: TestClient<ShippingServiceDefinition>;
  let keys = 0;
  const newKey = (): string => `key-${++keys}`;

  const open = async (): Promise<void> => {
    runtime = testRuntime({ service: 'shippingservice' });
    service = await start(readConfig({ HOST: '127.0.0.1', PORT: '0', DATA_DIR: folder.path }), runtime);
    shipping = testClient(ShippingServiceDefinition, service.address);
  };
  const close = async (): Promise<void> => {
    shipping[Symbol.dispose]();
    await service[Symbol.asyncDispose]();
  };

  beforeAll(open);

  beforeEach(() => {
    runtime.setNow(TEST_START_MS);
    runtime.logs.lines.length = 0;
  });

  afterAll(async () => {
    await close();
    folder[Symbol.dispose]();
  });

  const ship = (change: Partial<ShipOrderRequest> = {}) =>
    shipping.shipOrder({ address: home, items: [mug], ...change });
  const cancel = (request: { trackingId?: string; idempotencyKey?: string }) =>
    shipping.cancelShipment({ trackingId: '', idempotencyKey: '', ...request });
  const events = (message: string) => runtime.logs.lines.filter(({ msg }) => msg === message);

  const badAddresses = [
    ['a street of 513 characters', { streetAddress: 's'.repeat(513) }, 'ADDRESS_STREET_ADDRESS_INVALID'],
    ['a city of 129 characters', { city: 'c'.repeat(129) }, 'ADDRESS_CITY_INVALID'],
    ['a state of 129 characters', { state: 's'.repeat(129) }, 'ADDRESS_STATE_INVALID'],
    ['a country of 129 characters', { country: 'c'.repeat(129) }, 'ADDRESS_COUNTRY_INVALID'],
    ['a postal code of 11 characters', { postalCode: '1'.repeat(11) }, 'ADDRESS_POSTAL_CODE_INVALID'],
    ['control characters in the address', { city: 'a\u0000b' }, 'ADDRESS_CITY_INVALID'],
  ] as const;
  const badItems = [
    ['a quantity of 0', [{ ...mug, quantity: 0 }], 'ITEMS_QUANTITY_INVALID'],
    ['a quantity of -1', [mug, { ...mug, quantity: -1 }], 'ITEMS_QUANTITY_INVALID'],
    ['a quantity of 1001', [{ ...mug, quantity: 1001 }], 'ITEMS_QUANTITY_INVALID'],
    ['an empty product id', [{ ...mug, productId: '' }], 'ITEMS_PRODUCT_ID_INVALID'],
    ['a product id of 129 characters', [{ ...mug, productId: 'p'.repeat(129) }], 'ITEMS_PRODUCT_ID_INVALID'],
    ['101 lines', lines(101), 'ITEMS_INVALID'],
  ] as const;

  it('listens on port 50051 by default', () => {
    expect(readConfig({}).server.port).toBe(50_051);
  });

  describe('GetQuote', () => {
    const flatRate = { currencyCode: 'USD', units: 8n, nanos: 990_000_000 };

    it.each([
      ['one item', [mug]],
      ['100 lines of 1000 pieces', lines(100).map((line) => ({ ...line, quantity: 1000 }))],
    ])('quotes 8.99 USD for %s to any address', async (_what, items) => {
      expect(await shipping.getQuote({ address: home, items })).toEqual({ costUsd: flatRate });
      expect(await shipping.getQuote({ address: undefined, items })).toEqual({ costUsd: flatRate });
    });

    it('quotes zero for no items', async () => {
      const nothing = { costUsd: { currencyCode: 'USD', units: 0n, nanos: 0 } };
      expect(await shipping.getQuote({ address: undefined, items: [] })).toEqual(nothing);
      expect(await shipping.getQuote({ address: home, items: [] })).toEqual(nothing);
    });

    it.each(badItems)('refuses %s', async (_what, items, reason) => {
      const call = shipping.getQuote({ address: undefined, items: [...items] });
      expect(await failureOfCall(call)).toBe(`INVALID_ARGUMENT ${reason}`);
    });

    it.each(badAddresses)('refuses %s before anything is charged', async (_what, change, reason) => {
      const call = shipping.getQuote({ address: { ...home, ...change }, items: [mug] });
      expect(await failureOfCall(call)).toBe(`INVALID_ARGUMENT ${reason}`);
    });

    it('returns the index of an invalid line', async () => {
      const call = shipping.getQuote({ address: undefined, items: [mug, { ...mug, quantity: 0 }] });
      await expect(call).rejects.toMatchObject({ metadata: { field: 'items[1].quantity' } });
    });
  });

  describe('ShipOrder', () => {
    it('returns unique tracking ids of one format for any address', async () => {
      const addresses = Array.from({ length: 20 }, (_, i) => ({ ...home, streetAddress: 'x'.repeat(i * 20) }));
      const responses = await Promise.all([...addresses, ...addresses].map((address) => ship({ address })));
      for (const { trackingId } of responses) expect(trackingId).toMatch(/^MC-[0-9A-V]{26}$/);
      expect(new Set(responses.map(({ trackingId }) => trackingId)).size).toBe(40);
    });

    const empty = { streetAddress: '', city: '', state: '', country: '', zipCode: 0 };
    const longest = {
      streetAddress: 's'.repeat(512),
      city: 'c'.repeat(128),
      state: 's'.repeat(128),
      country: 'c'.repeat(128),
      zipCode: 0,
      postalCode: 'SW1A 1AAAA',
    };

    it.each([
      ['whose parts are empty', empty],
      ['as long as can be', longest],
      ['with a number for a zip code that did not fit', { ...home, zipCode: -(2 ** 31) }],
    ])('ships to an address %s', async (_what, address) => {
      expect(await failureOfCall(ship({ address }))).toBe('OK');
    });

    it.each(badAddresses)('refuses %s', async (_what, change, reason) => {
      expect(await failureOfCall(ship({ address: { ...home, ...change } }))).toBe(`INVALID_ARGUMENT ${reason}`);
      expect(events('order shipped')).toEqual([]);
    });

    it.each([...badItems, ['no items', [], 'ITEMS_INVALID'] as const])('refuses %s', async (_what, items, reason) => {
      expect(await failureOfCall(ship({ items: [...items] }))).toBe(`INVALID_ARGUMENT ${reason}`);
      expect(events('order shipped')).toEqual([]);
    });

    it.each([
      ['no address', { address: undefined }, 'ADDRESS_INVALID'],
      ['an empty key', { idempotencyKey: '' }, 'IDEMPOTENCY_KEY_INVALID'],
      ['a key of 129 characters', { idempotencyKey: 'k'.repeat(129) }, 'IDEMPOTENCY_KEY_INVALID'],
    ])('refuses %s', async (_what, change, reason) => {
      expect(await failureOfCall(ship(change))).toBe(`INVALID_ARGUMENT ${reason}`);
    });

    it('ships once per key, also for concurrent calls', async () => {
      const idempotencyKey = newKey();
      const responses = await Promise.all(Array.from({ length: 10 }, () => ship({ idempotencyKey })));
      responses.push(await ship({ idempotencyKey }));
      expect(new Set(responses.map(({ trackingId }) => trackingId)).size).toBe(1);
      expect(events('order shipped')).toHaveLength(1);
    });

    it.each([
      ['other items', { items: [{ ...mug, quantity: 2 }] }],
      ['another address', { address: { ...home, city: 'Ulm' } }],
    ])('refuses a key that was used with %s', async (_what, change) => {
      const idempotencyKey = newKey();
      await ship({ idempotencyKey });
      const again = ship({ ...change, idempotencyKey });
      expect(await failureOfCall(again)).toBe('ALREADY_EXISTS IDEMPOTENCY_KEY_REUSED');
      expect(events('order shipped')).toHaveLength(1);
    });
  });

  describe('CancelShipment', () => {
    it('cancels a shipment once, also when it is repeated', async () => {
      const { trackingId } = await ship();
      for (const _time of ['first', 'second']) expect(await cancel({ trackingId })).toEqual({});
      expect(events('shipment cancelled')).toEqual([expect.objectContaining({ trackingId })]);
    });

    it('finds the shipment by the key of ShipOrder', async () => {
      const idempotencyKey = newKey();
      const { trackingId } = await ship({ idempotencyKey });
      for (const _time of ['first', 'second']) expect(await cancel({ idempotencyKey })).toEqual({});
      await cancel({ trackingId });
      expect(events('shipment cancelled')).toEqual([expect.objectContaining({ trackingId })]);
    });

    it('does not ship again for the key of a cancelled shipment, and reports that it was cancelled', async () => {
      const idempotencyKey = newKey();
      const response = await ship({ idempotencyKey });
      expect(response.cancelled).toBeUndefined();
      await cancel({ idempotencyKey });
      expect(await ship({ idempotencyKey })).toEqual({ ...response, cancelled: true });
      expect(events('order shipped')).toHaveLength(1);
    });

    it('fences an unknown key: a later ShipOrder with it ships nothing', async () => {
      const idempotencyKey = newKey();
      for (const _time of ['first', 'second']) expect(await cancel({ idempotencyKey })).toEqual({});
      expect(await failureOfCall(ship({ idempotencyKey }))).toBe('ABORTED IDEMPOTENCY_KEY_FENCED');
      expect(events('order shipped')).toEqual([]);
      expect(events('shipment cancelled')).toEqual([]);
    });

    it('uses the tracking id when both are sent, and does not fence the key', async () => {
      const [idempotencyKey, unused] = [newKey(), newKey()];
      const { trackingId } = await ship({ idempotencyKey });
      await cancel({ trackingId, idempotencyKey: unused });
      expect(events('shipment cancelled')).toEqual([expect.objectContaining({ trackingId })]);
      expect(await failureOfCall(ship({ idempotencyKey: unused }))).toBe('OK');
    });

    it.each([
      ['an unknown tracking id', { trackingId: 'MC-UNKNOWN' }, 'NOT_FOUND SHIPMENT_UNKNOWN'],
      ['neither tracking id nor key', {}, 'INVALID_ARGUMENT TRACKING_ID_INVALID'],
      ['a tracking id of 129 characters', { trackingId: 't'.repeat(129) }, 'INVALID_ARGUMENT TRACKING_ID_INVALID'],
      ['a key of 129 characters', { idempotencyKey: 'k'.repeat(129) }, 'INVALID_ARGUMENT IDEMPOTENCY_KEY_INVALID'],
    ])('refuses %s', async (_what, request, failure) => {
      expect(await failureOfCall(cancel(request))).toBe(failure);
    });
  });

  it('keeps shipments, cancellations and fences with their keys when it is restarted', async () => {
    const [shipped, cancelled, fenced] = [newKey(), newKey(), newKey()];
    const { trackingId } = await ship({ idempotencyKey: shipped });
    const other = await ship({ idempotencyKey: cancelled });
    await cancel({ idempotencyKey: cancelled });
    await cancel({ idempotencyKey: fenced });
    await close();
    await open();
    expect(await ship({ idempotencyKey: shipped })).toEqual({ trackingId });
    expect(await ship({ idempotencyKey: cancelled })).toEqual({ trackingId: other.trackingId, cancelled: true });
    expect(await failureOfCall(ship({ idempotencyKey: fenced }))).toBe('ABORTED IDEMPOTENCY_KEY_FENCED');
    expect(events('order shipped')).toEqual([]);
  });

  it('logs and counts its business events, without an address', async () => {
    const { trackingId } = await ship();
    expect(events('order shipped')).toEqual([expect.objectContaining({ trackingId })]);
    expect(runtime.logs.text()).not.toContain('Amphitheatre');
  });
});
