import { CheckoutServiceDefinition } from '../genproto/hipstershop/checkout.ts';
import { OrderState } from '../genproto/hipstershop/order.ts';
import { connectUpstream } from '../lib/grpc/client.ts';
import { eventually } from '../lib/testing/eventually.ts';
import { freePort } from '../lib/testing/free-port.ts';
import { failureOfCall, testCall } from '../lib/testing/test-client.ts';
import { euros, openCheckout, requestOf } from './checkout.testing.ts';

describe('the checkout service and its upstreams', () => {
  it('makes exactly eight calls for four lines', async () => {
    await using shop = await openCheckout();
    await shop.checkout.placeOrder(requestOf('ann'));
    await eventually('the mail is sent', () => shop.record.mails.length === 1);
    await eventually('all calls have returned', () => shop.rpcs().length === 8);
    const [first, second, third, ...rest] = shop.rpcs();
    expect(new Set([second, third])).toEqual(
      new Set(['productcatalogservice BatchGetProducts', 'shippingservice GetQuote']),
    );
    expect([first, ...rest]).toEqual([
      'cartservice GetCart',
      'currencyservice BatchConvert',
      'paymentservice Charge',
      'shippingservice ShipOrder',
      'cartservice EmptyCart',
      'emailservice SendOrderConfirmation',
    ]);
  });

  it('fails with CONVERSION_UNUSABLE when conversions return zero, and charges nothing', async () => {
    await using shop = await openCheckout({ freeMoney: true });
    const call = shop.checkout.placeOrder(requestOf('ann'));
    expect(await failureOfCall(call)).toBe('UNAVAILABLE CONVERSION_UNUSABLE');
    expect(shop.record.charges).toEqual([]);
    expect((await shop.checkout.placeOrder(requestOf('ann', { userCurrency: 'USD' }))).state).toBe(
      OrderState.CONFIRMED,
    );
  });

  it('falls back to single RPCs when an upstream has no batch RPC, and remembers that', async () => {
    await using shop = await openCheckout({ batch: false });
    expect((await shop.checkout.placeOrder(requestOf('ann'))).order?.items).toHaveLength(4);
    expect(shop.record.charges[0]?.amount).toEqual(euros(121n));
    await shop.checkout.placeOrder(requestOf('bob'));
    const count = (rpc: string): number => shop.rpcs().filter((made) => made === rpc).length;
    expect(count('productcatalogservice GetProduct')).toBe(8);
    expect(count('currencyservice Convert')).toBe(10);
    expect(count('productcatalogservice BatchGetProducts')).toBe(1);
    expect(count('currencyservice BatchConvert')).toBe(1);
    shop.record.carts.set('ann', [{ productId: 'hat', quantity: 1 }]);
    expect(await failureOfCall(shop.checkout.placeOrder(requestOf('ann')))).toBe('FAILED_PRECONDITION PRODUCT_GONE');
  });

  it('empties a cart without versions unconditionally', async () => {
    await using shop = await openCheckout({ versions: false });
    await shop.checkout.placeOrder(requestOf('ann'));
    expect(shop.record.emptied).toEqual([{ userId: 'ann', ifVersion: undefined }]);
    shop.record.carts.delete('ann');
    expect((await shop.checkout.placeOrder(requestOf('ann'))).state).toBe(OrderState.CONFIRMED);
    expect(shop.record.charges).toHaveLength(2);
  });

  it('is UNAVAILABLE while the catalogue is unavailable, and charges nothing', async () => {
    await using shop = await openCheckout({}, { productcatalogservice: `127.0.0.1:${await freePort()}` });
    const call = shop.checkout.placeOrder(requestOf('ann'));
    expect(await failureOfCall(call)).toBe('UNAVAILABLE UPSTREAM_UNAVAILABLE');
    expect(shop.record.charges).toEqual([]);
  });

  it('is UNAVAILABLE with PAYMENT_UNREACHABLE when no connection to payment can be made: nothing was charged', async () => {
    await using shop = await openCheckout({}, { paymentservice: `127.0.0.1:${await freePort()}` });
    const call = shop.checkout.placeOrder(requestOf('ann'));
    expect(await failureOfCall(call)).toBe('UNAVAILABLE PAYMENT_UNREACHABLE');
    const { orders } = await shop.checkout.listOrders({ userId: 'ann', pageSize: 0, pageToken: '' });
    expect(orders.map(({ state }) => state)).toEqual([OrderState.REJECTED]);
  });

  it('does not return UNAVAILABLE once payment may have charged: the order stays in progress', async () => {
    await using shop = await openCheckout();
    shop.record.isPaymentUnavailable = true;
    const { order, state } = await shop.checkout.placeOrder(requestOf('ann'));
    expect(state).toBe(OrderState.PLACED);
    expect(order?.items).toHaveLength(4);
  });

  it('finishes an order and sends its mail before it shuts down', async () => {
    const shop = await openCheckout();
    let open = (): void => {};
    shop.record.beforeCharge = new Promise<void>((resolve) => {
      open = resolve;
    });
    const placing = shop.checkout.placeOrder(requestOf('ann'));
    await eventually('prices are converted', () => shop.rpcs().includes('currencyservice BatchConvert'));
    const stopped = shop.service[Symbol.asyncDispose]();
    open();
    expect((await placing).state).toBe(OrderState.CONFIRMED);
    await stopped;
    expect(shop.record.mails).toHaveLength(1);
    await shop[Symbol.asyncDispose]();
  });

  it('finishes an order before it shuts down, also when PlaceOrder has returned', async () => {
    const shop = await openCheckout();
    // Opens the connections to the upstreams, which takes long on a busy machine: PlaceOrder gives its reads half of its deadline.
    await shop.checkout.placeOrder(requestOf('bob'));
    let open = (): void => {};
    shop.record.beforeCharge = new Promise<void>((resolve) => {
      open = resolve;
    });
    const options = { to: 'subject', address: shop.service.address };
    const shortDeadline = connectUpstream(CheckoutServiceDefinition, options);
    using call = testCall(3000);
    expect((await shortDeadline.calls.placeOrder(requestOf('ann'), call)).state).toBe(OrderState.PLACED);
    shortDeadline[Symbol.dispose]();
    const stopped = shop.service[Symbol.asyncDispose]();
    const list = () => shop.checkout.listOrders({ userId: 'ann', pageSize: 0, pageToken: '' });
    await eventually('it refuses calls', async () => (await failureOfCall(list())).startsWith('UNAVAILABLE'));
    open();
    await stopped;
    expect(shop.record.shipments).toHaveLength(2);
    expect(shop.record.mails).toHaveLength(2);
    await shop[Symbol.asyncDispose]();
  });

  it('sends the mail after PlaceOrder although the interval of the sweeper never elapses', async () => {
    // Fakes setInterval only.
    jest.useFakeTimers({
      doNotFake: [
        'Date',
        'hrtime',
        'nextTick',
        'performance',
        'queueMicrotask',
        'setImmediate',
        'clearImmediate',
        'setTimeout',
        'clearTimeout',
      ],
    });
    try {
      await using shop = await openCheckout();
      for (const [index, userId] of ['ann', 'bob', 'cat'].entries()) {
        await shop.checkout.placeOrder(requestOf(userId));
        await eventually('the mail is sent', () => shop.record.mails.length === index + 1);
      }
    } finally {
      jest.useRealTimers();
    }
  });

  it('logs the orders that are unfinished at shutdown', async () => {
    const shop = await openCheckout();
    shop.record.isPaymentUnavailable = true;
    const { order } = await shop.checkout.placeOrder(requestOf('ann'));
    await shop[Symbol.asyncDispose]();
    expect(shop.runtime.logs.lines).toContainEqual(
      expect.objectContaining({ msg: 'order unfinished at shutdown', level: 'error', orderId: order?.orderId }),
    );
  });
});
