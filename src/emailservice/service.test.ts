import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Address } from '../genproto/hipstershop/address.ts';
import { EmailServiceDefinition } from '../genproto/hipstershop/email.ts';
import type { OrderItem, OrderResult } from '../genproto/hipstershop/order.ts';
import type { RunningService } from '../lib/runtime/runtime.ts';
import { eventually } from '../lib/testing/eventually.ts';
import { temporaryFolder } from '../lib/testing/temporary-folder.ts';
import { failureOfCall, type TestClient, testClient } from '../lib/testing/test-client.ts';
import { type TestRuntime, testRuntime } from '../lib/testing/test-runtime.ts';
import { readConfig } from './config.ts';
import { type ReadMail, readMail } from './read-mail.testing.ts';
import { start } from './service.ts';
import { startSmtpServer } from './smtp-server.testing.ts';

const money = (units: bigint, nanos = 0, currencyCode = 'EUR') => ({ currencyCode, units, nanos });
const email = 'ann@example.com';
const address: Address = {
  streetAddress: '1600 Amphitheatre Parkway',
  city: 'Mountain View',
  state: 'CA',
  country: 'United States',
  zipCode: 94_043,
};
const mug: OrderItem = {
  item: { productId: '6E92ZMYYFZ', quantity: 2 },
  cost: money(7n, 950_000_000),
  productName: 'Mug',
};
const order: OrderResult = {
  orderId: 'order-1',
  shippingTrackingId: 'MT-1',
  shippingCost: money(7n, 950_000_000),
  shippingAddress: address,
  items: [mug],
};

type Subject = {
  service: RunningService;
  folder: ReturnType<typeof temporaryFolder>;
  client: TestClient<EmailServiceDefinition>;
  runtime: TestRuntime;
};

async function startService(env: Record<string, string>): Promise<Subject> {
  const runtime = testRuntime({ service: 'emailservice' });
  const folder = temporaryFolder();
  const config = readConfig({ HOST: '127.0.0.1', PORT: '0', DATA_DIR: folder.path, ...env });
  const service = await start(config, runtime);
  return { service, folder, runtime, client: testClient(EmailServiceDefinition, service.address) };
}

async function stop({ client, service, folder }: Subject): Promise<void> {
  client[Symbol.dispose]();
  await service[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
}

describe('the email service without a mail server', () => {
  let directory: string;
  let subject: Subject;
  let client: Subject['client'];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mercato-mail-'));
    subject = await startService({ MAIL_DIR: directory });
    client = subject.client;
  });

  afterEach(async () => {
    await stop(subject);
    await rm(directory, { recursive: true });
  });

  const mails = async (): Promise<ReadMail[]> => {
    const names = (await readdir(directory)).sort();
    return await Promise.all(names.map(async (name) => readMail(await readFile(join(directory, name), 'utf8'))));
  };
  const confirm = (key?: string, changed: Partial<OrderResult> = {}, to = email) =>
    client.sendOrderConfirmation({ email: to, order: { ...order, ...changed }, idempotencyKey: key });
  const cancel = (key: string, refunded = money(23n, 850_000_000)) =>
    client.sendOrderCancellation({ email, order, refunded, idempotencyKey: key });

  it('writes the confirmation into a file', async () => {
    await confirm();
    const [mail, ...others] = await mails();
    expect(others).toEqual([]);
    expect(mail?.headers).toMatchObject({ to: email, subject: 'Your Mercato order order-1' });
    for (const part of [mail?.text, mail?.html]) {
      for (const fact of ['Mug', '€7.95', '€15.90', '€23.85', 'Mountain View, CA 94043', 'MT-1']) {
        expect(part).toContain(fact);
      }
    }
  });

  it('writes the postal code unchanged', async () => {
    await confirm(undefined, { shippingAddress: { ...address, zipCode: 2139, postalCode: '02139' } });
    expect((await mails())[0]?.text).toContain('Mountain View, CA 02139');
  });

  it('uses the id of a product without a name', async () => {
    await confirm(undefined, {
      items: [
        { item: mug.item, cost: mug.cost },
        { ...mug, productName: '' },
      ],
    });
    expect((await mails())[0]?.text.match(/6E92ZMYYFZ/g)).toHaveLength(2);
  });

  it('confirms an order without an address and one without lines', async () => {
    await confirm(undefined, { shippingAddress: undefined });
    await confirm(undefined, { items: [] });
    expect(await mails()).toHaveLength(2);
  });

  it('sends once per key, also for concurrent calls', async () => {
    await confirm('key-1');
    await confirm('key-1');
    await Promise.all([confirm('key-2'), confirm('key-2'), confirm('key-2')]);
    await Promise.all([cancel('key-3'), cancel('key-3')]);
    expect(await mails()).toHaveLength(3);
  });

  it('sends every time without a key', async () => {
    await confirm();
    await confirm();
    expect(await mails()).toHaveLength(2);
  });

  it.each([
    ['another order', () => confirm('key-1', { orderId: 'order-2' })],
    ['another address', () => confirm('key-1', {}, 'eve@example.com')],
    [
      'the other mail',
      () => client.sendOrderCancellation({ email, order, refunded: undefined, idempotencyKey: 'key-1' }),
    ],
  ])('refuses a key that was used for %s', async (_what, call) => {
    await confirm('key-1');
    expect(await failureOfCall(call())).toBe('ALREADY_EXISTS IDEMPOTENCY_KEY_REUSED');
    expect(await mails()).toHaveLength(1);
  });

  it('sends a cancellation with the refunded amount', async () => {
    await cancel('key-1');
    await client.sendOrderCancellation({ email, order, refunded: undefined, idempotencyKey: 'key-2' });
    expect((await mails()).map(({ headers }) => headers.subject)).toEqual([
      'Your Mercato order order-1 was cancelled: €23.85 refunded',
      'Your Mercato order order-1 was cancelled: nothing was charged',
    ]);
  });

  it('uses different Message-IDs for the two mails of an order, and the same for a repeat', async () => {
    await confirm();
    await confirm();
    await cancel('key-1');
    const ids = (await mails()).map(({ headers }) => headers['message-id']);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it.each([
    'ann@example.com\r\nBcc: eve@example.com',
    'ann@example.com\nBcc:eve@example.com',
    'ann@example.com, eve@example.com',
    'ann,eve@example.com',
    'ann@example.com>\r\nRCPT TO:<eve@example.com',
    'Ann <ann@example.com>',
    '',
  ])('refuses the address %j', async (to) => {
    expect(await failureOfCall(confirm(undefined, {}, to))).toBe('INVALID_ARGUMENT EMAIL_INVALID');
    expect(await mails()).toEqual([]);
  });

  const withLine = (changed: Partial<OrderItem>) => ({ items: [mug, { ...mug, ...changed }] });
  it.each<[string, Partial<OrderResult>, string]>([
    ['an order id that ends a header', { orderId: 'order-1\r\nBcc: eve@example.com' }, 'ORDER_ORDER_ID_INVALID'],
    ['no order id', { orderId: '' }, 'ORDER_ORDER_ID_INVALID'],
    ['an order id of 129 characters', { orderId: 'x'.repeat(129) }, 'ORDER_ORDER_ID_INVALID'],
    ['a long tracking id', { shippingTrackingId: 'x'.repeat(129) }, 'ORDER_SHIPPING_TRACKING_ID_INVALID'],
    ['101 lines', { items: Array.from({ length: 101 }, () => mug) }, 'ORDER_ITEMS_INVALID'],
    ['a line without an item', withLine({ item: undefined }), 'ORDER_ITEMS_ITEM_INVALID'],
    ['a quantity of 0', withLine({ item: { productId: 'x', quantity: 0 } }), 'ORDER_ITEMS_ITEM_QUANTITY_INVALID'],
    ['no product id', withLine({ item: { productId: '', quantity: 1 } }), 'ORDER_ITEMS_ITEM_PRODUCT_ID_INVALID'],
    ['a name of 257 characters', withLine({ productName: 'x'.repeat(257) }), 'ORDER_ITEMS_PRODUCT_NAME_INVALID'],
    ['a line without a price', withLine({ cost: undefined }), 'ORDER_ITEMS_COST_INVALID'],
    ['signs that disagree', withLine({ cost: money(1n, -1) }), 'ORDER_ITEMS_COST_INVALID'],
    ['a negative price', withLine({ cost: money(-1n) }), 'ORDER_ITEMS_COST_INVALID'],
    ['a price in another currency', withLine({ cost: money(1n, 0, 'USD') }), 'ORDER_ITEMS_COST_INVALID'],
    ['no shipping cost', { shippingCost: undefined }, 'ORDER_SHIPPING_COST_INVALID'],
    ['a currency that is none', { shippingCost: money(1n, 0, 'euro') }, 'ORDER_SHIPPING_COST_INVALID'],
    [
      'a street of 513 characters',
      { shippingAddress: { ...address, streetAddress: 'x'.repeat(513) } },
      'ORDER_SHIPPING_ADDRESS_STREET_ADDRESS_INVALID',
    ],
    [
      'a postal code of 11 characters',
      { shippingAddress: { ...address, postalCode: '1'.repeat(11) } },
      'ORDER_SHIPPING_ADDRESS_POSTAL_CODE_INVALID',
    ],
  ])('refuses %s', async (_what, changed, reason) => {
    expect(await failureOfCall(confirm('key-1', changed))).toBe(`INVALID_ARGUMENT ${reason}`);
    expect(await mails()).toEqual([]);
  });

  it('refuses a call without an order, with an invalid key, or with an invalid refund', async () => {
    expect(await failureOfCall(client.sendOrderConfirmation({ email, order: undefined }))).toBe(
      'INVALID_ARGUMENT ORDER_INVALID',
    );
    expect(await failureOfCall(confirm(''))).toBe('INVALID_ARGUMENT IDEMPOTENCY_KEY_INVALID');
    expect(await failureOfCall(cancel(''))).toBe('INVALID_ARGUMENT IDEMPOTENCY_KEY_INVALID');
    expect(await failureOfCall(cancel('key-1', money(-1n)))).toBe('INVALID_ARGUMENT REFUNDED_INVALID');
    expect(await mails()).toEqual([]);
  });

  it('logs a sent mail once, without the recipient', async () => {
    await confirm('key-1');
    await confirm('key-1');
    await failureOfCall(confirm('key-2', {}, 'ann@example.com, eve@example.com'));
    const events = subject.runtime.logs.lines.filter(({ msg }) => msg === 'mail sent');
    expect(events).toEqual([expect.objectContaining({ kind: 'confirmation' })]);
    expect(subject.runtime.logs.text()).not.toMatch(/ann@|eve@|Amphitheatre/);
  });
});

describe('the email service with a mail server', () => {
  it('sends one mail for two concurrent calls with the same key', async () => {
    let take: (response: string) => void = () => {};
    let offered = 0;
    const onMail = (): Promise<string> => {
      offered += 1;
      return new Promise((resolve) => {
        take = resolve;
      });
    };
    await using server = await startSmtpServer({ onMail });
    const subject = await startService({ SMTP_URL: server.url });
    const calls = [1, 2].map(() => subject.client.sendOrderConfirmation({ email, order, idempotencyKey: 'key-1' }));
    await eventually('the mail is offered', () => offered === 1);
    take('250 taken');
    await Promise.all(calls);
    expect(offered).toBe(1);
    expect(server.mails).toHaveLength(1);
    await stop(subject);
  });

  it('returns MAIL_UNAVAILABLE, stays ready, and sends the mail on a retry', async () => {
    const responses = ['451 not now', '250 taken'];
    await using server = await startSmtpServer({ onMail: async () => responses.shift() ?? '250 taken' });
    const subject = await startService({ SMTP_URL: server.url });
    const send = () => subject.client.sendOrderConfirmation({ email, order, idempotencyKey: 'key-1' });
    expect(await failureOfCall(send())).toBe('UNAVAILABLE MAIL_UNAVAILABLE');
    expect(subject.runtime.logs.lines).toContainEqual(
      expect.objectContaining({ msg: 'mail failed', kind: 'confirmation' }),
    );
    await send();
    await send();
    expect(server.mails).toHaveLength(1);
    expect(subject.runtime.logs.text()).not.toContain('ann@');
    await stop(subject);
  });

  it('is UNAVAILABLE when no server listens', async () => {
    const server = await startSmtpServer();
    await server[Symbol.asyncDispose]();
    const subject = await startService({ SMTP_URL: server.url });
    const call = subject.client.sendOrderCancellation({ email, order, refunded: undefined, idempotencyKey: 'key-1' });
    expect(await failureOfCall(call)).toBe('UNAVAILABLE MAIL_UNAVAILABLE');
    await stop(subject);
  });
});
