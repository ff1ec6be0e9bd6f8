import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSmtpServer } from '../../src/emailservice/smtp-server.testing.ts';
import { CheckoutServiceDefinition } from '../../src/genproto/hipstershop/checkout.ts';
import { EmailServiceDefinition } from '../../src/genproto/hipstershop/email.ts';
import { PaymentServiceDefinition } from '../../src/genproto/hipstershop/payment.ts';
import { ShippingServiceDefinition } from '../../src/genproto/hipstershop/shipping.ts';
import type { ServiceDefinition } from '../../src/lib/grpc/definition.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { failureOfCall, testClient } from '../../src/lib/testing/test-client.ts';
import { serviceNames } from '../../src/topology.ts';
import { undeclared } from '../observability/received.ts';
import { type LaunchedShop, launchOpen, logLines, processOf } from './launched-shop.ts';
import { type SpanReceiver, startReceiver } from './span-receiver.ts';
import { checkoutForm, MUG, type WebShopper, webShopper } from './web-shopper.ts';

/** The personal data of the shopper: texts that occur nowhere else in the shop. */
const CARD = '4539148803436467';
const CVV = '3859';
const EMAIL = 'marked.person@marked-mail.example';
const STREET = 'Markedstreet 77';
const CITY = 'Markedville';
const STATE = 'Markedshire';
const COUNTRY = 'Markedland';
const ZIP = 'MRK77X';
const TYPED = {
  email: EMAIL,
  street_address: STREET,
  city: CITY,
  state: STATE,
  country: COUNTRY,
  zip_code: ZIP,
  credit_card_number: CARD,
  credit_card_cvv: CVV,
};

/** Must not be anywhere: the card number in any grouping, and the CVV. */
const CARD_DATA = [new RegExp(CARD.split('').join('[ -]?')), new RegExp(`(?<![\\w.-])${CVV}(?![\\w.-])`)];
/** Must not be in telemetry. */
const PERSONAL_DATA = [/marked.?(?:person|mail|street|ville|shire|land)/i, /MRK77X/i];

/** All output of a shop, by its kind. */
type ShopOutput = {
  readonly telemetry: Readonly<Record<string, string>>;
  readonly pages: readonly string[];
  mails: string;
};

/** The matches in the texts, each with its place and the text around it. */
function found(texts: Readonly<Record<string, string>>, secrets: readonly RegExp[]): string[] {
  return Object.entries(texts).flatMap(([where, text]) =>
    secrets.flatMap((secret) => {
      const at = text.search(secret);
      return at < 0 ? [] : [`${where}: ${text.slice(Math.max(0, at - 120), at + 60)}`];
    }),
  );
}

/** The words that a text does not contain. The text itself may be too long for a failure message. */
function missing(text: string | undefined, words: readonly string[]): string[] {
  return words.filter((word) => text?.includes(word) !== true);
}

/** A shopper whose pages are all added to `pages`. */
function watched(shop: LaunchedShop, pages: string[]): WebShopper {
  const shopper = webShopper(shop.url());
  const keep = async (response: ReturnType<WebShopper['get']>) => {
    const got = await response;
    pages.push(`${got.status} ${got.location} ${got.body}`);
    return got;
  };
  return {
    ...shopper,
    get: (path) => keep(shopper.get(path)),
    post: (path, form) => keep(shopper.post(path, form)),
  };
}

/** Runs a journey in a shop and returns all its output. Spans and log lines are those that docs/observability.md declares. */
async function run(
  env: Record<string, string>,
  journey: (shop: LaunchedShop, pages: string[], receiver: SpanReceiver) => Promise<void>,
): Promise<ShopOutput> {
  await using receiver = await startReceiver('otlp');
  await using shop = await launchOpen({
    ...receiver.variables,
    LOG_LEVEL: 'debug',
    CONSOLE_PORT: '0',
    ...env,
  });
  const pages: string[] = [];
  await journey(shop, pages, receiver);
  const metricsUrls = [...new Set(serviceNames.flatMap((name) => shop.metricsUrls(name)))];
  expect(metricsUrls).not.toEqual([]);
  const metrics = metricsUrls.map(async (url) => await textOf(url));
  const list = await textOf(`${shop.consoleUrl()}/`);
  const traces = [...list.matchAll(/href="(\/traces\/\w+)"/g)].map(([, path]) => textOf(`${shop.consoleUrl()}${path}`));
  const telemetry = {
    metrics: (await Promise.all(metrics)).join('\n'),
    console: [list, ...(await Promise.all(traces))].join('\n'),
  };
  const mails = readdirSync(shop.mailDirectory).map((name) => readFileSync(join(shop.mailDirectory, name), 'utf8'));
  shop.process.kill('SIGTERM');
  await shop.exited;
  const spans = receiver.spans();
  expect(undeclared({ spans, lines: logLines(shop.stdout()) })).toEqual([]);
  return {
    telemetry: { ...telemetry, spans: JSON.stringify(spans), logs: shop.stdout(), errors: shop.stderr() },
    pages,
    mails: mails.join('\n'),
  };
}

async function textOf(url: string): Promise<string> {
  return await (await fetch(url, { headers: { accept: 'application/openmetrics-text, text/html' } })).text();
}

async function ask<D extends ServiceDefinition>(
  shop: LaunchedShop,
  definition: D,
  call: { at: string; rpc: keyof D['methods']; with: unknown },
) {
  const address = new RegExp(`^  ${call.at} +(\\S+)`, 'm').exec(shop.stdout())?.[1] ?? '';
  using client = testClient(definition, address);
  await failureOfCall((client[call.rpc] as unknown as (request: unknown) => Promise<unknown>)(call.with));
}

function expectNothingLeaked({ telemetry, pages, mails }: ShopOutput): void {
  const all = { ...telemetry, mails, ...Object.fromEntries(pages.map((page, index) => [`page ${index}`, page])) };
  expect(found(all, CARD_DATA)).toEqual([]);
  expect(found(telemetry, PERSONAL_DATA)).toEqual([]);
}

describe('what a shopper typed', () => {
  it('is in the order and the mail of a successful order, and never in telemetry, also when it is rejected', async () => {
    const output = await run({}, async (shop, pages) => {
      const shopper = watched(shop, pages);
      await order(shop, shopper);
      await sendRejectedForms(shopper);
      await sendToServices(shop);
    });
    expectNothingLeaked(output);
    // The search works: it finds what the pages and the mail are meant to contain.
    expect(found({ mails: output.mails, pages: output.pages.join('\n') }, [/Markedville/])).toHaveLength(2);
    expect(missing(output.mails, [EMAIL])).toEqual([]);
    expect(missing(output.telemetry.console, ['order placed'])).toEqual([]);
    expect(missing(output.telemetry.spans, ['send confirmation'])).toEqual([]);
    const logged = [
      '"msg":"order placed"',
      'CARD_DECLINED',
      'CARD_EXPIRED',
      'CARD_NUMBER_INVALID',
      'USER_CURRENCY_INVALID',
      'ITEMS_QUANTITY_INVALID',
    ];
    expect(missing(output.telemetry.logs, logged)).toEqual([]);
  });

  it('is not in telemetry when a service dies or a mail server repeats the address in its error', async () => {
    await using smtp = await startSmtpServer({ onRecipient: `550 5.1.1 <${EMAIL}>: no mailbox in ${CITY}` });
    const output = await run({ SMTP_URL: smtp.url, PER_SERVICE: '1' }, async (shop, pages, receiver) => {
      const shopper = watched(shop, pages);
      const buy = async () => {
        await shopper.post('/cart', { product_id: MUG, quantity: '1' });
        return (await shopper.post('/cart/checkout', checkoutForm(TYPED))).status;
      };
      expect(await buy()).toBe(303);
      await eventually('the mail is refused', () => shop.stdout().includes('"msg":"task dead-lettered"'));
      const { pid } = processOf(shop, 'paymentservice');
      process.kill(pid, 'SIGSTOP');
      const status = buy();
      await eventually('the charge is not answered', () =>
        shop.stdout().includes('"msg":"order step outcome unknown"'),
      );
      process.kill(pid, 'SIGKILL');
      // The order goes on by itself: what a shopper sees is the order, or that we are not sure of it.
      expect([303, 503]).toContain(await status);
      await eventually('payment is back', () => shop.stdout().includes('"msg":"service restarted"'));
      await eventually('the failures have arrived', () => receiver.spans().some(({ isError }) => isError));
    });
    expectNothingLeaked(output);
    expect(missing(output.telemetry.logs, ['MAIL_REFUSED', 'order step outcome unknown', 'DEADLINE_EXCEEDED'])).toEqual(
      [],
    );
  });
});

async function order(shop: LaunchedShop, shopper: WebShopper): Promise<void> {
  await shopper.post('/cart', { product_id: MUG, quantity: '1' });
  const { status, location } = await shopper.post('/cart/checkout', checkoutForm(TYPED));
  expect(status).toBe(303);
  await shopper.get(location);
  await eventually('the mail is written', () => readdirSync(shop.mailDirectory).length === 1);
  const isListed = async () => (await textOf(`${shop.consoleUrl()}/`)).includes('POST /cart/checkout');
  await eventually('the console has the trace', isListed);
}

/** Sends paths and forms that the frontend or a service rejects. */
async function sendRejectedForms(shopper: WebShopper): Promise<void> {
  await shopper.get(`/search?q=${encodeURIComponent(EMAIL)}`);
  await shopper.get(`/product/${encodeURIComponent(STREET)}`);
  await shopper.get(`/${CARD}/${CVV}?card=${CARD}`);
  await shopper.post('/cart', { product_id: MUG, quantity: '1' });
  for (const wrong of [
    { credit_card_number: `${CARD}0`, credit_card_cvv: CVV },
    { email: `${EMAIL} at home` },
    { zip_code: `${ZIP}-${ZIP}-${ZIP}` },
    { credit_card_expiration_month: '13' },
    { credit_card_expiration_year: '2001' },
    { street_address: STREET.repeat(60) },
    { credit_card_number: '4000000000000002' },
  ]) {
    expect((await shopper.post('/cart/checkout', checkoutForm({ ...TYPED, ...wrong }))).status).toBe(422);
  }
}

/** Sends the personal data directly to the services, in valid and invalid requests. */
async function sendToServices(shop: LaunchedShop): Promise<void> {
  const creditCard = {
    creditCardNumber: CARD,
    creditCardCvv: Number(CVV),
    creditCardExpirationYear: 2001,
    creditCardExpirationMonth: 1,
  };
  const address = { streetAddress: STREET, city: CITY, state: STATE, country: COUNTRY, zipCode: 1, postalCode: ZIP };
  const money = (currencyCode: string) => ({ currencyCode, units: 12n, nanos: 0 });
  for (const card of [
    creditCard,
    { ...creditCard, creditCardNumber: `${CARD}0` },
    { ...creditCard, creditCardNumber: CITY },
  ]) {
    await ask(shop, PaymentServiceDefinition, {
      at: 'paymentservice',
      rpc: 'charge',
      with: { amount: money('USD'), creditCard: card },
    });
    const valid = { userId: 'a-shopper', userCurrency: 'USD', address, email: EMAIL, creditCard: card };
    await ask(shop, CheckoutServiceDefinition, { at: 'checkoutservice', rpc: 'placeOrder', with: valid });
    const odd = { ...valid, email: `${EMAIL} ${EMAIL}`, userCurrency: CITY, userId: EMAIL };
    await ask(shop, CheckoutServiceDefinition, { at: 'checkoutservice', rpc: 'placeOrder', with: odd });
  }
  const order = {
    orderId: 'one',
    shippingTrackingId: 'two',
    shippingCost: money(STREET),
    shippingAddress: address,
    items: [],
  };
  await ask(shop, EmailServiceDefinition, {
    at: 'emailservice',
    rpc: 'sendOrderConfirmation',
    with: { email: EMAIL, order },
  });
  const items = [{ productId: STREET, quantity: -1 }];
  await ask(shop, ShippingServiceDefinition, { at: 'shippingservice', rpc: 'shipOrder', with: { address, items } });
}
