import * as fc from 'fast-check';
import { rpcKinds } from '../../src/contract.ts';
import { failureOfCall } from '../../src/lib/testing/test-client.ts';
import { originalServices } from '../contracts/original-services.ts';
import { arbitraryCalls, type KnownIds } from './arbitrary-messages.ts';
import { FUZZED_USERS } from './arbitrary-values.ts';
import { expectHealthyShop } from './healthy-shop.ts';
import { byteCaller } from './raw-grpc.ts';
import { type ShopClients, shopClients } from './shop-clients.ts';
import { expectUnchanged, goodAddress, goodCard, orderOf, type Shopper, shopperWithOrder } from './shopper-state.ts';
import { startTestShop, type TestShop } from './test-shop.ts';

const CASES = 2400;

// The size limit of a request message.
const MAX_BYTES = 1024 * 1024;

// Every possible outcome of an arbitrary request while the shop is healthy.
const EXPECTED_OUTCOMES =
  /^(?:OK|(?:INVALID_ARGUMENT|NOT_FOUND|ALREADY_EXISTS|FAILED_PRECONDITION|ABORTED) [A-Z][A-Z_]+)$/;

describe('an arbitrary request to an RPC', () => {
  let shop: TestShop;
  let bystander: Shopper;
  let known: KnownIds;

  beforeAll(async () => {
    shop = await startTestShop();
    bystander = await shopperWithOrder(shop, 'bystander');
    known = await thingsThatExist(shopClients(shop), FUZZED_USERS[0] ?? '');
  });

  afterAll(async () => {
    await shop[Symbol.asyncDispose]();
  });

  it(`never causes an internal error or an effect on another user: ${CASES} calls`, async () => {
    const callBytes = byteCaller(shop);
    const outcomes = new Map<string, Set<string>>();
    let cases = 0;
    const property = fc.asyncProperty(arbitraryCalls(known), async (call) => {
      cases += 1;
      const outcome = await failureOfCall(callBytes(call.service, call.rpc, call.bytes));
      const rpc = `${call.service} ${call.rpc}`;
      outcomes.set(rpc, (outcomes.get(rpc) ?? new Set()).add(outcome));
      expect(outcome).toMatch(call.bytes.length > MAX_BYTES ? /^RESOURCE_EXHAUSTED$/ : EXPECTED_OUTCOMES);
    });
    await expectUnchanged([bystander], async () => await fc.assert(property, { numRuns: CASES }));

    expect(cases).toBeGreaterThanOrEqual(CASES);
    const all = originalServices.flatMap((name) => Object.keys(rpcKinds(name)).map((rpc) => `${name} ${rpc}`));
    expect([...outcomes.keys()].sort()).toEqual(all.sort());
    // Requests that are all rejected early would prove nothing.
    expect(all.filter((rpc) => outcomes.get(rpc)?.has('OK') !== true)).toEqual([]);
    await expectHealthyShop(shop);
  });
});

async function thingsThatExist(to: ShopClients, userId: string): Promise<KnownIds> {
  const item = { productId: '6E92ZMYYFZ', quantity: 1 };
  await to.cart.addItem({ userId, item });
  const { order } = await to.checkout.placeOrder(orderOf(userId));
  const amount = { currencyCode: 'EUR', units: 2n ** 62n, nanos: 0 };
  const { transactionId } = await to.payment.charge({ amount, creditCard: goodCard });
  const { trackingId } = await to.shipping.shipOrder({ address: goodAddress, items: [item] });
  await to.payment.charge({ amount, creditCard: goodCard, idempotencyKey: 'key-1' });
  return { orderId: order?.orderId ?? '', transactionId, trackingId };
}
