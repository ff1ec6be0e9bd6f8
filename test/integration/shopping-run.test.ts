import { eventually } from '../../src/lib/testing/eventually.ts';
import type { ObservedCall } from '../../src/lib/testing/observed-calls.ts';
import { temporaryFolder } from '../../src/lib/testing/temporary-folder.ts';
import { type Calls, type ServiceName, serviceNames, topology } from '../../src/topology.ts';
import { eraseShopper } from './erase-shopper.ts';
import { type MakeProxy, startShopBehind } from './shop-behind.ts';
import { startTestShop, type TestShop } from './test-shop.ts';
import { faultProxy, originalProxy } from './upstream-proxy.ts';
import { checkoutForm, hiddenFields, MUG, shopAround, type WebShopper, webShopper } from './web-shopper.ts';

const FOUR_PRODUCTS = [MUG, 'OLJCESPC7Z', '1YMWWN1N4O', 'L9ECAV7KIM'];

function edgesOf(calls: readonly ObservedCall[]): string[] {
  return [...new Set(calls.map(({ from, to, rpc }) => `${from} -> ${to} ${rpc}`))].sort();
}

function edgesInTopology(which: (name: (typeof serviceNames)[number]) => Calls): string[] {
  return serviceNames
    .flatMap((from) =>
      Object.entries(which(from)).flatMap(([to, rpcs]) => rpcs.map((rpc) => `${from} -> ${to} ${rpc}`)),
    )
    .sort();
}

const ordinary = edgesInTopology((name) => topology[name].calls);

describe('a full shopping run', () => {
  let shop: TestShop;
  let calls: ObservedCall[] = [];

  beforeAll(async () => {
    shop = await startTestShop({ observe: (call) => calls.push(call) });
  });

  afterAll(async () => {
    await shop[Symbol.asyncDispose]();
  });

  it('makes the calls of the topology, and no others', async () => {
    await shopAround(webShopper(shop.url));
    await eventually('the mail is sent', () => calls.some(({ rpc }) => rpc === 'SendOrderConfirmation'));
    expect(edgesOf(calls)).toEqual(ordinary);
  });

  describe('makes, in the whole system,', () => {
    let shopper: WebShopper;
    const callsOf = async (visit: () => Promise<unknown>): Promise<string[]> => {
      calls = [];
      await visit();
      return calls.map(({ rpc }) => rpc).sort();
    };

    beforeAll(async () => {
      shopper = webShopper(shop.url);
      await shopper.post('/setCurrency', { currency_code: 'EUR' });
      for (const productId of FOUR_PRODUCTS) await shopper.post('/cart', { product_id: productId, quantity: '2' });
    });

    it('5 calls for the home page', async () => {
      const made = await callsOf(() => shopper.get('/'));
      expect(made).toEqual(['BatchConvert', 'GetAds', 'GetCart', 'GetSupportedCurrencies', 'ListProducts']);
    });

    it('6 calls for a product', async () => {
      const made = await callsOf(() => shopper.get(`/product/${MUG}`));
      expect(made).toEqual([
        'BatchConvert',
        'GetAds',
        'GetCart',
        'GetProduct',
        'GetSupportedCurrencies',
        'ListRecommendations',
      ]);
    });

    it('6 calls for a cart of four lines', async () => {
      const made = await callsOf(() => shopper.get('/cart'));
      expect(made).toEqual([
        'BatchConvert',
        'BatchGetProducts',
        'GetCart',
        'GetQuote',
        'GetSupportedCurrencies',
        'ListRecommendations',
      ]);
    });

    it('3 calls for the orders', async () => {
      const made = await callsOf(() => shopper.get('/orders'));
      expect(made).toEqual(['GetCart', 'GetSupportedCurrencies', 'ListOrders']);
    });

    it('no conversion of prices in dollars', async () => {
      const made = await callsOf(() => webShopper(shop.url).get('/'));
      expect(made).toEqual(['GetAds', 'GetCart', 'GetSupportedCurrencies', 'ListProducts']);
    });

    it('12 calls for a checkout of four lines with its order page', async () => {
      const made = await callsOf(async () => {
        const { location } = await shopper.post('/cart/checkout', checkoutForm());
        await shopper.get(location);
        await eventually('the mail is sent', () => calls.some(({ rpc }) => rpc === 'SendOrderConfirmation'));
      });
      expect(made).toEqual([
        'BatchConvert',
        'BatchGetProducts',
        'Charge',
        'EmptyCart',
        'GetCart',
        'GetCart',
        'GetOrder',
        'GetQuote',
        'GetSupportedCurrencies',
        'PlaceOrder',
        'SendOrderConfirmation',
        'ShipOrder',
      ]);
    });
  });

  it('rejects a checkout form of an older cart, shows the current cart, and accepts the form of that page', async () => {
    const shopper = webShopper(shop.url);
    await shopper.post('/cart', { product_id: MUG, quantity: '1' });
    const stale = hiddenFields((await shopper.get('/cart')).body);
    await shopper.post('/cart', { product_id: MUG, quantity: '9' });
    const response = await shopper.post('/cart/checkout', checkoutForm(stale));
    expect(response.status).toBe(422);
    expect(response.body).toContain('Your cart has changed since you opened this page');
    expect(response.body).toContain('Place order for $98.89');
    const bought = await shopper.post('/cart/checkout', checkoutForm(hiddenFields(response.body)));
    expect(bought.location).toMatch(/^\/order\//);
    // The same form again returns the same order.
    expect((await shopper.post('/cart/checkout', checkoutForm(hiddenFields(response.body)))).location).toBe(
      bought.location,
    );
  });
});

describe('a shopping run with failures', () => {
  it('makes the ordinary and the exceptional calls of the topology, and no others', async () => {
    const calls: ObservedCall[] = [];
    const observe = (call: ObservedCall): void => void calls.push(call);
    const lacking: ServiceName[] = ['currencyservice', 'productcatalogservice'];
    await using original = await startShopBehind({ observe }, (name) =>
      lacking.includes(name) ? originalProxy : undefined,
    );
    await shopAround(webShopper(original.url));

    const loseResponses: MakeProxy = (name, address) =>
      faultProxy(name, address, (rpc) => (rpc === 'Charge' || rpc === 'ShipOrder' ? 'lost-after' : 'none'));
    using folder = temporaryFolder();
    await using shop = await startShopBehind({ observe, env: { DATA_DIR: folder.path } }, (name) =>
      name === 'paymentservice' || name === 'shippingservice' ? loseResponses : undefined,
    );
    const shopper = webShopper(shop.url);
    await shopper.post('/cart', { product_id: MUG, quantity: '1' });
    const response = await shopper.post('/cart/checkout', checkoutForm());
    expect(response.status).toBe(503);
    expect(response.body).toContain('any charge was refunded');
    await eventually('the cancellation is sent', () => calls.some(({ rpc }) => rpc === 'SendOrderCancellation'));
    await eraseShopper(shopper.userId(), folder.path);
    await eventually('the mails are erased', () => calls.some(({ rpc }) => rpc === 'EraseMails'));
    const exceptional = edgesInTopology((name) => topology[name].exceptionalCalls);
    expect(edgesOf(calls)).toEqual([...ordinary, ...exceptional].sort());
  });
});
