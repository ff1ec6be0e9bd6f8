import { randomInt, randomUUID } from 'node:crypto';
import { knownCurrencyCodes } from '../../src/domain/currency-codes.ts';
import { AdServiceDefinition } from '../../src/genproto/hipstershop/ad.ts';
import { CartServiceDefinition } from '../../src/genproto/hipstershop/cart.ts';
import { CheckoutServiceDefinition } from '../../src/genproto/hipstershop/checkout.ts';
import { CurrencyServiceDefinition } from '../../src/genproto/hipstershop/currency.ts';
import { PaymentServiceDefinition } from '../../src/genproto/hipstershop/payment.ts';
import { ProductCatalogServiceDefinition } from '../../src/genproto/hipstershop/product_catalog.ts';
import type { ServiceDefinition } from '../../src/lib/grpc/definition.ts';
import type { Sample } from '../../src/lib/metrics/exposition.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { failureOfCall, testClient } from '../../src/lib/testing/test-client.ts';
import { exchange, formOf } from './http-exchange.ts';
import { type LaunchedShop, launchOpen } from './launched-shop.ts';
import { metricsOf, seriesOf, total } from './live-metrics.ts';
import { type SpanReceiver, startReceiver } from './span-receiver.ts';
import { checkoutForm, MUG, shopAround, webShopper } from './web-shopper.ts';

const CARD = { creditCardNumber: '4432801561520454', creditCardCvv: 672, creditCardExpirationMonth: 1 };
const DECLINED = '4000000000000002';

describe('the metrics of a shop', () => {
  let receiver: SpanReceiver;
  let shop: LaunchedShop;
  /** The metrics after one order and one declined card. */
  let samples: Sample[];

  beforeAll(async () => {
    receiver = await startReceiver('otlp');
    shop = await launchOpen(receiver.variables);
    const shopper = webShopper(shop.url());
    await shopAround(shopper);
    await shopper.post('/cart', { product_id: MUG, quantity: '1' });
    await shopper.post('/cart/checkout', checkoutForm({ credit_card_number: DECLINED }));
    await eventually('the mail is sent and both sides of every call are counted', async () => {
      samples = await metricsOf(shop);
      const sent = counted('rpc_client_call_duration_seconds_count', { rpc_status_code: 'OK' });
      const answered = counted('rpc_server_call_duration_seconds_count', { rpc_status_code: 'OK' });
      // A caller that stops waiting for an optional upstream does not count a call that the upstream still answers.
      return counted('mercato_mails_total') === 1 && sent > 20 && answered >= sent;
    });
  });

  afterAll(async () => {
    await shop?.[Symbol.asyncDispose]();
    await receiver?.[Symbol.asyncDispose]();
  });

  const counted = (name: string, labels: Readonly<Record<string, string>> = {}) => total(samples, name, labels);

  it('count orders, amounts, rejections, cart updates, mails and shipments', () => {
    expect(counted('mercato_cart_adds_total')).toBe(3);
    expect(counted('mercato_carts_emptied_total')).toBe(2);
    expect(counted('mercato_currency_choices_total', { currency: 'EUR' })).toBe(1);
    expect(counted('mercato_orders_placed_total')).toBe(2);
    expect(counted('mercato_orders_ended_total', { outcome: 'confirmed' })).toBe(1);
    expect(counted('mercato_orders_ended_total', { outcome: 'CARD_DECLINED' })).toBe(1);
    expect(counted('mercato_checkouts_refused_total', { reason: 'CARD_DECLINED' })).toBe(1);
    expect(counted('mercato_charges_total', { outcome: 'made' })).toBe(1);
    expect(counted('mercato_charges_total', { outcome: 'CARD_DECLINED' })).toBe(1);
    expect(counted('mercato_refunds_total')).toBe(0);
    expect(counted('mercato_shipments_total', { outcome: 'shipped' })).toBe(1);
    expect(counted('mercato_mails_total', { kind: 'confirmation', outcome: 'sent' })).toBe(1);
    expect(counted('mercato_orders_unfinished')).toBe(0);
    // Two mugs and the shipping, 8.99 USD each, at 1.1305 USD for a euro.
    expect(counted('mercato_orders_confirmed_amount_total', { currency: 'EUR' })).toBeCloseTo(7.95 * 3, 2);
    expect(counted('mercato_charged_amount_total', { currency: 'EUR' })).toBeCloseTo(7.95 * 3, 2);
    expect(counted('mercato_charged_amount_total')).toBeCloseTo(7.95 * 3, 2);
  });

  it('count every request by its route and status', () => {
    const requests = 'http_server_request_duration_seconds_count';
    const checkout = { http_request_method: 'POST', http_route: '/cart/checkout' };
    expect(counted(requests, { ...checkout, http_response_status_code: '303' })).toBe(1);
    expect(counted(requests, { ...checkout, http_response_status_code: '422' })).toBe(1);
    expect(counted(requests, { http_route: '/product/:id' })).toBe(1);
    // The launcher asks for the readiness of the frontend, as often as it takes.
    expect(counted(requests) - counted(requests, { http_route: '/_healthz' })).toBe(13);
  });

  it('have exemplars whose traces the collector has received', async () => {
    const exemplars = samples.filter(({ traceId }) => traceId !== undefined);
    for (const name of ['http_server_request', 'rpc_server_call', 'rpc_client_call']) {
      expect(exemplars.map((sample) => sample.name)).toContain(`${name}_duration_seconds_bucket`);
    }
    await eventually('every trace of an exemplar has arrived', () => {
      const known = new Set(receiver.spans().map(({ traceId }) => traceId));
      return exemplars.every(({ traceId }) => known.has(traceId ?? ''));
    });
  });

  it('gain no series from a second round of arbitrary texts in requests', async () => {
    await sendNonsense(shop);
    const before = (await metricsOf(shop)).map(seriesOf);
    await sendNonsense(shop);
    const after = (await metricsOf(shop)).map(seriesOf);
    expect(after.filter((series) => !before.includes(series))).toEqual([]);
    // Unknown methods and unknown currencies share one series.
    const unforeseen = after.flatMap((series) => series.match(/\w+(?=="_OTHER")/g) ?? []);
    expect(new Set(unforeseen)).toEqual(new Set(['currency', 'http_request_method']));
  });
});

/** Sends a new random text to every field, header and path that accepts text. */
async function sendNonsense(shop: LaunchedShop): Promise<void> {
  const word = (): string => `nonsense-${randomUUID()}`;
  const url = shop.url();
  const get = (target: string, headers: string[] = []) => exchange(url, { target, headers });
  const post = (target: string, fields: Readonly<Record<string, string>>) =>
    exchange(url, { method: 'POST', target, ...formOf(fields) });
  for (let round = 0; round < 3; round += 1) {
    await get(`/${word()}`);
    await get(`/product/${word()}`);
    await get(`/product-meta/${word()}`);
    await get(`/order/${word()}`);
    await get(`/search?q=${word()}&${word()}=${word()}`);
    await get(`/static/${word()}.css`);
    await get('/', [`X-Request-Id: ${word()}`, `User-Agent: ${word()}`, `Cookie: shop_session-id=${word()}`]);
    await post('/cart', { product_id: word(), quantity: '1' });
    await post('/setCurrency', { currency_code: word() });
    await post('/cart/checkout', checkoutForm({ email: word(), country: word() }));
    for (const method of ['BREW', 'PROPFIND', 'DELETE']) await exchange(url, { method, target: '/cart' });
  }
  const ask = async <D extends ServiceDefinition>(
    definition: D,
    service: string,
    rpc: keyof D['methods'],
    request: unknown,
  ) => {
    const address = new RegExp(`^  ${service} +(\\S+)`, 'm').exec(shop.stdout())?.[1] ?? '';
    using client = testClient(definition, address);
    await failureOfCall((client[rpc] as unknown as (request: unknown) => Promise<unknown>)(request));
  };
  const money = (currencyCode: string) => ({ currencyCode, units: 12n, nanos: 0 });
  const address = { streetAddress: word(), city: word(), state: word(), country: word(), zipCode: 1 };
  const creditCard = { ...CARD, creditCardExpirationYear: new Date().getUTCFullYear() + 1 };
  for (let round = 0; round < 20; round += 1) {
    const userId = word();
    await ask(AdServiceDefinition, 'adservice', 'getAds', { contextKeys: [word()] });
    await ask(CartServiceDefinition, 'cartservice', 'addItem', { userId, item: { productId: word(), quantity: 1 } });
    await ask(ProductCatalogServiceDefinition, 'productcatalogservice', 'getProduct', { id: word() });
    await ask(CurrencyServiceDefinition, 'currencyservice', 'convert', {
      from: money(unknownCurrency()),
      toCode: unknownCurrency(),
    });
    await ask(PaymentServiceDefinition, 'paymentservice', 'charge', { amount: money(unknownCurrency()), creditCard });
    const order = { userId, userCurrency: unknownCurrency(), address, email: 'a@example.com', creditCard };
    await ask(CheckoutServiceDefinition, 'checkoutservice', 'placeOrder', order);
  }
}

function unknownCurrency(): string {
  const letter = (): string => String.fromCharCode(65 + randomInt(26));
  for (;;) {
    const code = letter() + letter() + letter();
    if (!knownCurrencyCodes().includes(code)) return code;
  }
}
