import { status } from '@grpc/grpc-js';
import type { WireMoney } from '../../domain/money.ts';
import type { ShippingServiceDefinition } from '../../genproto/hipstershop/shipping.ts';
import type { UpstreamCalls } from '../../lib/grpc/client.ts';
import { UpstreamError } from '../../lib/grpc/upstream-error.ts';
import { testCall } from '../../lib/testing/test-client.ts';
import { shippingClient } from './shipping-client.ts';

const address = {
  streetAddress: 'Rue 1',
  city: 'Lyon',
  state: '',
  country: 'France',
  zipCode: 0,
  postalCode: undefined,
};
const goods = [{ productId: 'mug', quantity: 1 }];

const clientWithStatus = (code: number) => {
  const fail = async (): Promise<never> => {
    throw new UpstreamError({ upstream: 'shippingservice', rpc: '', code, details: '' });
  };
  const calls: UpstreamCalls<ShippingServiceDefinition> = { getQuote: fail, shipOrder: fail, cancelShipment: fail };
  return shippingClient(calls);
};

const REFUSALS: readonly status[] = [
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.PERMISSION_DENIED,
  status.UNAUTHENTICATED,
  status.FAILED_PRECONDITION,
  status.OUT_OF_RANGE,
];
const CONFLICTS: readonly status[] = [status.ALREADY_EXISTS, status.ABORTED];
const CODES = Object.values(status).filter((code): code is status => typeof code === 'number' && code !== status.OK);

function kindOf(code: status): 'refused' | 'conflict' | 'ambiguous' {
  if (REFUSALS.includes(code)) return 'refused';
  return CONFLICTS.includes(code) ? 'conflict' : 'ambiguous';
}

describe('ShipOrder', () => {
  it.each(CODES.map((code) => [status[code], kindOf(code), code] as const))(
    'with the status %s is %s',
    async (_name, kind, code) => {
      using call = testCall();
      expect(await clientWithStatus(code).ship({ address, goods, idempotencyKey: 'key' }, call)).toMatchObject({
        kind,
      });
    },
  );

  it('conflicts when its shipment was cancelled since', async () => {
    using call = testCall();
    const shipOrder = async () => ({ trackingId: 'parcel', cancelled: true });
    const client = shippingClient({ shipOrder } as unknown as UpstreamCalls<ShippingServiceDefinition>);
    expect(await client.ship({ address, goods, idempotencyKey: 'key' }, call)).toEqual({ kind: 'conflict' });
  });
});

describe('CancelShipment', () => {
  it('is refused for good with NOT_FOUND, and can be retried after UNAVAILABLE', async () => {
    using call = testCall();
    const { NOT_FOUND, UNAVAILABLE } = status;
    expect(await clientWithStatus(NOT_FOUND).cancel('key', call)).toMatchObject({
      kind: 'refused',
      cause: { code: NOT_FOUND },
    });
    await expect(clientWithStatus(UNAVAILABLE).cancel('key', call)).rejects.toMatchObject({ code: UNAVAILABLE });
  });
});

describe('a quote', () => {
  const quoting = (costUsd: WireMoney | undefined) => {
    const calls = { getQuote: async () => ({ costUsd }) } as unknown as UpstreamCalls<ShippingServiceDefinition>;
    using call = testCall();
    return shippingClient(calls).quote(address, goods, call);
  };

  it('is an amount, or zero', async () => {
    expect(await quoting({ currencyCode: 'USD', units: 8n, nanos: 990_000_000 })).toEqual({
      currency: 'USD',
      nanos: 8_990_000_000n,
    });
    expect(await quoting({ currencyCode: 'USD', units: 0n, nanos: 0 })).toEqual({ currency: 'USD', nanos: 0n });
  });

  it.each([
    ['absent', undefined],
    ['negative', { currencyCode: 'USD', units: -8n, nanos: 0 }],
    ['of no currency', { currencyCode: '', units: 8n, nanos: 0 }],
    ['malformed', { currencyCode: 'USD', units: 8n, nanos: -1 }],
  ])('throws QUOTE_UNUSABLE when the quote is %s', async (_what, costUsd) => {
    await expect(quoting(costUsd)).rejects.toMatchObject({ kind: 'unavailable', reason: 'QUOTE_UNUSABLE' });
  });

  it('throws SHIPPING_REFUSED when shippingservice refuses the address', async () => {
    using call = testCall();
    const refused = clientWithStatus(status.INVALID_ARGUMENT).quote(address, goods, call);
    await expect(refused).rejects.toMatchObject({ kind: 'precondition', reason: 'SHIPPING_REFUSED' });
    await expect(clientWithStatus(status.UNAVAILABLE).quote(address, goods, call)).rejects.toMatchObject({
      isOutage: true,
    });
  });
});
