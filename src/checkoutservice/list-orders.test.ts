import { CheckoutServiceDefinition } from '../genproto/hipstershop/checkout.ts';
import { type GrpcServer, startGrpcServer } from '../lib/grpc/server.ts';
import { failureOfCall, TEST_SERVER, type TestClient, testClient } from '../lib/testing/test-client.ts';
import { TEST_START_MS, testRuntime } from '../lib/testing/test-runtime.ts';
import { topology } from '../topology.ts';
import { checkoutHandlers } from './handlers.ts';
import { purchaseOf } from './store/order-store.contract.ts';
import { openMemoryOrderStore } from './store/order-store.memory.testing.ts';

const ids = Array.from({ length: 103 }, (_, index) => `order-${103 - index}`);

describe('ListOrders', () => {
  let server: GrpcServer;
  let client: TestClient<CheckoutServiceDefinition>;
  let create: (orderId: string, userId: string) => Promise<void>;

  beforeEach(async () => {
    const runtime = testRuntime();
    const store = openMemoryOrderStore(runtime);
    create = async (orderId, userId) => void (await store.create(purchaseOf({ orderId, userId }), TEST_START_MS));
    for (const orderId of ids.toReversed()) await create(orderId, 'hal');
    const placeOrder = () => Promise.reject(new Error('no order is placed here'));
    server = await startGrpcServer({
      definition: CheckoutServiceDefinition,
      handlers: checkoutHandlers({ placeOrder, store }),
      protoFile: topology.checkoutservice.protoFile,
      config: TEST_SERVER,
      runtime,
      defaultDeadlineMs: 10_000,
    });
    client = testClient(CheckoutServiceDefinition, server.address);
  });

  afterEach(async () => {
    client[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  const list = (pageSize: number, pageToken = '', userId = 'hal') => client.listOrders({ userId, pageSize, pageToken });
  const idsOf = ({ orders }: Awaited<ReturnType<typeof list>>) => orders.map(({ result }) => result?.orderId);

  it('returns twenty orders, newest first, for page size 0', async () => {
    expect(idsOf(await list(0))).toEqual(ids.slice(0, 20));
  });

  it('returns at most a hundred orders per page', async () => {
    const first = await list(1000);
    expect(idsOf(first)).toEqual(ids.slice(0, 100));
    const last = await list(1000, first.nextPageToken);
    expect(idsOf(last)).toEqual(ids.slice(100));
    expect(last.nextPageToken).toBe('');
  });

  it('continues after the last order of a page although a newer order was created since', async () => {
    const first = await list(2);
    await create('newer', 'hal');
    expect(idsOf(await list(2, first.nextPageToken))).toEqual(ids.slice(2, 4));
  });

  it('has no next page after the oldest order', async () => {
    const rest = await list(100, (await list(3)).nextPageToken);
    expect(rest.orders).toHaveLength(100);
    expect(rest.nextPageToken).toBe('');
  });

  it('returns an empty list for a user without orders', async () => {
    expect(await list(0, '', 'ivy')).toEqual({ orders: [], nextPageToken: '' });
  });

  it.each([
    ['a negative size', -1, '', 'PAGE_SIZE_INVALID'],
    ['a malformed token', 0, '!!!', 'PAGE_TOKEN_INVALID'],
    ['a token of an unknown order', 0, Buffer.from('no-such-order').toString('base64url'), 'PAGE_TOKEN_INVALID'],
    ['a token of 10 kB', 0, 'x'.repeat(10_000), 'PAGE_TOKEN_INVALID'],
  ])('refuses %s', async (_what, size, token, reason) => {
    expect(await failureOfCall(list(size, token))).toBe(`INVALID_ARGUMENT ${reason}`);
  });

  it('refuses the token of another user', async () => {
    const { nextPageToken } = await list(2);
    await create('order-of-ivy', 'ivy');
    expect(await failureOfCall(list(2, nextPageToken, 'ivy'))).toBe('INVALID_ARGUMENT PAGE_TOKEN_INVALID');
  });
});
