import { rpcKinds } from '../../src/contract.ts';
import type { ObservedCall } from '../../src/lib/testing/observed-calls.ts';
import { failureOfCall } from '../../src/lib/testing/test-client.ts';
import { originalServices } from '../contracts/original-services.ts';
import { badBrowsing } from './bad-browsing.ts';
import { type BadCall, CALLER } from './bad-call.ts';
import { badMoney, REFUSED_CARDS } from './bad-money.ts';
import { badCheckout, badDelivery } from './bad-orders.ts';
import { bytesField, outcomeOfBytes } from './raw-grpc.ts';
import { type ShopClients, shopClients } from './shop-clients.ts';
import { expectUnchanged, goodCard, orderOf, type Shopper, shopperWithOrder } from './shopper-state.ts';
import { startTestShop, type TestShop } from './test-shop.ts';

const text = (field: number, value: string): Buffer => bytesField(field, Buffer.from(value));
const item = (...parts: Buffer[]): Buffer => bytesField(2, Buffer.concat(parts));
const anything = new Uint8Array();

describe('a bad call', () => {
  const made: ObservedCall[] = [];
  let shop: TestShop;
  let clients: ShopClients;
  let caller: Shopper;
  let bystander: Shopper;

  beforeAll(async () => {
    shop = await startTestShop({ observe: (call) => made.push(call) });
    clients = shopClients(shop);
    bystander = await shopperWithOrder(shop, 'bystander');
    caller = await shopperWithOrder(shop, CALLER);
  });

  afterAll(async () => {
    await shop[Symbol.asyncDispose]();
  });

  /** Makes a call and expects it to change no cart, no order and no charge. Returns its outcome. */
  const withoutSideEffects = async (call: () => Promise<string>): Promise<string> => {
    const charges = made.filter(({ rpc }) => rpc === 'Charge').length;
    const response = await expectUnchanged([bystander, caller], call);
    expect(made.filter(({ rpc }) => rpc === 'Charge')).toHaveLength(charges);
    return response;
  };

  const itIsRefused = (rows: readonly BadCall[]): void => {
    it.each(rows)('%s', async (_what, call, response) => {
      expect(await withoutSideEffects(() => failureOfCall(call(clients)))).toBe(response);
    });
  };

  describe('about carts and products is refused:', () => itIsRefused(badBrowsing));
  describe('about money is refused:', () => itIsRefused(badMoney));
  describe('to checkout is refused without a charge:', () => itIsRefused(badCheckout));
  describe('about shipments and mails is refused:', () => itIsRefused(badDelivery));

  it('for the order of another user returns NOT_FOUND', async () => {
    const [orderId = ''] = (await bystander.state()).orders;
    const call = () => failureOfCall(clients.checkout.getOrder({ userId: CALLER, orderId }));
    expect(await withoutSideEffects(call)).toBe('NOT_FOUND ORDER_UNKNOWN');
  });

  // Only the payment service can refuse these cards, and by then the order exists: it ends as rejected.
  it.each(REFUSED_CARDS)(
    'to pay with a card %s ends in a rejected order and leaves the cart unchanged',
    async (_what, creditCard, reason) => {
      const [before, others] = [await caller.state(), await bystander.state()];
      const call = clients.checkout.placeOrder({ ...orderOf(CALLER), creditCard });
      expect(await failureOfCall(call)).toBe(`FAILED_PRECONDITION ${reason}`);
      const after = await caller.state();
      expect(after).toEqual({ ...before, rejected: [expect.any(String), ...before.rejected] });
      expect(await bystander.state()).toEqual(others);
    },
  );

  describe('on the wire', () => {
    it.each([
      [
        'a lone surrogate, as CESU-8',
        'cartservice',
        'GetCart',
        bytesField(1, [0x61, 0xed, 0xa0, 0x80]),
        'USER_ID_INVALID',
      ],
      [
        'a pair of surrogates, as CESU-8',
        'cartservice',
        'GetCart',
        bytesField(1, [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]),
        'USER_ID_INVALID',
      ],
      ['an overlong slash', 'productcatalogservice', 'GetProduct', bytesField(1, [0xc0, 0xaf]), 'ID_INVALID'],
      [
        'bytes that are not UTF-8',
        'checkoutservice',
        'GetOrder',
        Buffer.concat([text(1, CALLER), bytesField(2, [0xff, 0xfe])]),
        'ORDER_ID_INVALID',
      ],
      [
        'CESU-8 in a card number',
        'paymentservice',
        'Charge',
        Buffer.concat([
          item(bytesField(1, [0xed, 0xa0, 0x80])),
          bytesField(1, Buffer.concat([text(1, 'EUR'), Buffer.of(0x10, 1)])),
        ]),
        'CARD_NUMBER_INVALID',
      ],
      [
        'a quantity of 2^31',
        'cartservice',
        'AddItem',
        Buffer.concat([
          text(1, CALLER),
          item(text(1, 'OLJCESPC7Z'), Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x08])),
        ]),
        'ITEM_QUANTITY_INVALID',
      ],
      ['a length beyond the end', 'cartservice', 'GetCart', Buffer.from([0x0a, 0x7f, 0x61]), 'REQUEST_MALFORMED'],
      ['a number without an end', 'cartservice', 'AddItem', Buffer.from(Array(11).fill(0xff)), 'REQUEST_MALFORMED'],
      ['an unknown wire type', 'currencyservice', 'Convert', Buffer.from([0x0f]), 'REQUEST_MALFORMED'],
      [
        'a group that does not end',
        'checkoutservice',
        'PlaceOrder',
        Buffer.from(Array(1000).fill(0x1b)),
        'REQUEST_MALFORMED',
      ],
      ['text for a message', 'shippingservice', 'ShipOrder', text(1, 'Venezia'), 'REQUEST_MALFORMED'],
    ] as const)('%s is INVALID_ARGUMENT', async (_what, service, rpc, message, reason) => {
      const call = () => outcomeOfBytes(shop, service, { rpc, message });
      expect(await withoutSideEffects(call)).toBe(`INVALID_ARGUMENT ${reason}`);
    });

    it('of 5 MB is RESOURCE_EXHAUSTED', async () => {
      const call = () => failureOfCall(clients.cart.getCart({ userId: 'x'.repeat(5 * 1024 * 1024) }));
      expect(await withoutSideEffects(call)).toBe('RESOURCE_EXHAUSTED');
    });

    it.each([
      ['an unknown RPC', '/hipstershop.CartService/StealCart'],
      ['an unknown service', '/hipstershop.BankService/GetMoney'],
      ['the service of another server', '/hipstershop.PaymentService/Charge'],
      ['no path of an RPC', '/'],
    ])('to %s is UNIMPLEMENTED', async (_what, rpc) => {
      const call = () => outcomeOfBytes(shop, 'cartservice', { rpc, message: anything });
      expect(await withoutSideEffects(call)).toBe('UNIMPLEMENTED');
    });

    // Either the timer of the library or the adapter ends the call first; both outcomes are correct.
    it.each(['1n', '1u', '1m', '10m'])('with a deadline of %s is DEADLINE_EXCEEDED', async (timeout) => {
      const call = () =>
        outcomeOfBytes(shop, 'cartservice', {
          rpc: 'EmptyCart',
          message: text(1, CALLER),
          headers: { 'grpc-timeout': timeout },
        });
      expect(await withoutSideEffects(call)).toMatch(/^DEADLINE_EXCEEDED( DEADLINE_TOO_SHORT| DEADLINE_EXCEEDED)?$/);
    });

    it('without a deadline is served', async () => {
      const call = () => outcomeOfBytes(shop, 'cartservice', { rpc: 'GetCart', message: text(1, CALLER) });
      expect(await withoutSideEffects(call)).toBe('OK');
    });
  });

  it('was made to every RPC whose request has fields', () => {
    const refused = new Set(
      shop.logs
        .lines()
        .flatMap(({ service, rpc, code }) => (code === 'OK' ? [] : [`${String(service)} ${String(rpc)}`])),
    );
    const withFields = originalServices.flatMap((service) =>
      Object.keys(rpcKinds(service)).map((rpc) => `${service} ${rpc}`),
    );
    const withoutFields = ['productcatalogservice ListProducts', 'currencyservice GetSupportedCurrencies'];
    expect(withFields.filter((rpc) => !refused.has(rpc))).toEqual(withoutFields);
  });

  it('logs no error and no card number', () => {
    expect(shop.logs.errors()).toEqual([]);
    expect(shop.logs.text()).not.toContain(goodCard.creditCardNumber);
  });
});
