import { createServer } from 'node:net';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { freePort } from '../../src/lib/testing/free-port.ts';
import { childrenOf } from '../../src/lib/testing/processes.ts';
import { type LaunchedShop, launch, launchOpen } from './launched-shop.ts';
import { startReceiver } from './span-receiver.ts';
import { checkoutForm, MUG, shopAround, type WebShopper, webShopper } from './web-shopper.ts';

const ANY = { CONSOLE_PORT: '0' };
const EIGHT = [
  'frontend',
  'checkoutservice',
  'cartservice',
  'productcatalogservice',
  'currencyservice',
  'paymentservice',
  'shippingservice',
  'emailservice',
];

async function read(url: string): Promise<string> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return await response.text();
}

/** The address of the newest trace that is listed with this name, once it is there. */
async function traceUrl(shop: LaunchedShop, name: string): Promise<string> {
  let path: string | undefined;
  await eventually(`"${name}" is listed`, async () => {
    path = new RegExp(`<a href="(/traces/\\w+)">${name}</a>`).exec(await read(`${shop.consoleUrl()}/`))?.[1];
    return path !== undefined;
  });
  return `${shop.consoleUrl()}${path}`;
}

/** Waits until a page of the console shows all of these. */
async function shows(url: string, texts: readonly (string | RegExp)[]): Promise<void> {
  let page = '';
  const isShown = (text: string | RegExp): boolean =>
    typeof text === 'string' ? page.includes(text) : text.test(page);
  await eventually(`${url} shows ${texts.join(', ')}`, async () => {
    page = await read(url);
    return texts.every(isShown);
  });
}

async function buyMugs(shopper: WebShopper, form = checkoutForm()): Promise<number> {
  await shopper.post('/cart', { product_id: MUG, quantity: '2' });
  return (await shopper.post('/cart/checkout', form)).status;
}

async function takenPort() {
  const server = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { port, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

describe.each([
  ['one process', {}],
  ['a process a service', { PER_SERVICE: '1' }],
])('the console of a shop of %s', (_how, env) => {
  let shop: LaunchedShop;

  beforeAll(async () => {
    // Far from UTC, in which the logs are.
    shop = await launchOpen({ ...ANY, ...env, TZ: 'Asia/Kathmandu' });
    await shopAround(webShopper(shop.url()));
  });

  afterAll(async () => {
    await shop?.[Symbol.asyncDispose]();
  });

  it('shows the trace of a checkout: eight services, the mail, the order, and the logs that belong to it', async () => {
    const url = await traceUrl(shop, 'POST /cart/checkout');
    const services = EIGHT.map((name) => `<span class="service s-${name}">${name}</span>`);
    const spans = ['PaymentService/Charge', 'send confirmation', 'app.order.id'];
    const lines = ['order placed', 'charge made', 'order shipped', 'mail sent', 'request completed'];
    await shows(url, [...services, ...spans, ...lines, '<rect class="bar s-paymentservice"']);
  });

  it('shows who calls whom, how fast, and that all are well', async () => {
    const ready = [...EIGHT, 'adservice', 'recommendationservice'].map(
      (name) => new RegExp(`s-${name}">${name}</span></th><td><span class="good">ready`),
    );
    await shows(`${shop.consoleUrl()}/services`, [
      ...ready,
      /checkoutservice: \d+\/min, p95 [\d.]+ ms/,
      /shoppers: .*?\/(?:min|s)/,
    ]);
  });

  it('tells the time of a trace as that of its logs', async () => {
    const url = await traceUrl(shop, 'POST /cart/checkout');
    await shows(url, ['request completed']);
    const listed = />POST \/cart\/checkout<.*?<td>(\d\d:\d\d:\d\d)</.exec(await read(`${shop.consoleUrl()}/`))?.[1];
    const logged = /<td>(\d\d:\d\d:\d\d)\.\d{3}</.exec(await read(url))?.[1];
    const secondsApart = Math.abs(Date.parse(`1970-01-01T${listed}Z`) - Date.parse(`1970-01-01T${logged}Z`)) / 1000;
    expect(secondsApart % 86_390).toBeLessThan(10);
  });

  it('shows what failed, and where', async () => {
    expect(await buyMugs(webShopper(shop.url()), checkoutForm({ credit_card_number: '4000000000000002' }))).toBe(422);
    await eventually('it is listed among the errors', async () =>
      /POST \/cart\/checkout.*?2 failed/.test(await read(`${shop.consoleUrl()}/?show=errors`)),
    );
    await shows(await traceUrl(shop, 'POST /cart/checkout'), [
      'CARD_DECLINED',
      'charge declined',
      'class="bad">failed',
    ]);
  });

  it('leaves the terminal as quiet as it was asked to be', () => {
    expect(shop.stdout()).not.toContain('rpc completed');
    expect(shop.stderr()).toBe('');
  });
});

describe('the console', () => {
  it('leads to the metrics of the one process: how busy, how late and how big it is', async () => {
    await using shop = await launchOpen(ANY);
    const page = await read(`${shop.consoleUrl()}/services`);
    expect(page).toMatch(/s-launcher">launcher<.*?% busy, [\d.]+ ms late, \d\d+ MB/);
    const [, link = ''] = /s-launcher">launcher<.*?<a href="(http:\S+\/metrics)"/.exec(page) ?? [];
    expect(shop.metricsUrls('launcher')).toEqual([link]);
    const metrics = await read(link);
    for (const name of [
      'nodejs_eventloop_lag_p99_seconds',
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
    ])
      expect(metrics).toContain(`${name}{service="launcher"}`);
  });

  it('shows a service that has died, and that its callers fail', async () => {
    await using shop = await launchOpen({ ...ANY, PER_SERVICE: '1' });
    const shopper = webShopper(shop.url());
    expect((await shopper.get('/')).status).toBe(200);
    const { pid } = childrenOf(shop.process.pid ?? 0).find(({ command }) => command.endsWith(' cartservice')) ?? {};
    process.kill(pid ?? 0, 'SIGSTOP');
    try {
      expect((await shopper.get('/cart')).status).toBe(503);
      await shows(`${shop.consoleUrl()}/services`, ['cartservice: not ready', /s-cartservice.*?not answering/]);
      await shows(`${shop.consoleUrl()}/services`, [/frontend: .*? % errors/]);
    } finally {
      process.kill(pid ?? 0, 'SIGCONT');
    }
    await shows(`${shop.consoleUrl()}/services`, [
      /s-cartservice">cartservice<\/span><\/th><td><span class="good">ready/,
    ]);
  });

  it('gets the spans that a collector gets', async () => {
    await using receiver = await startReceiver('otlp');
    await using shop = await launchOpen({ ...ANY, ...receiver.variables });
    expect(shop.stdout()).toContain('Traces in the console, and sent as otlp');
    await webShopper(shop.url()).get('/');
    await traceUrl(shop, 'GET /');
    await eventually('the collector has it too', () => receiver.spans().some(({ name }) => name === 'GET /'));
  });

  it.each([
    ['compression', { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }],
    ['headers', { OTEL_EXPORTER_OTLP_HEADERS: 'host=collector.example' }],
  ])('gets them without the %s that are for the collector', async (_what, variables) => {
    await using shop = await launchOpen({ ...ANY, ...variables });
    await webShopper(shop.url()).get('/');
    await traceUrl(shop, 'GET /');
  });

  it('has no traces when none are to be made', async () => {
    await using shop = await launchOpen({ ...ANY, TRACES_EXPORTER: 'none' });
    expect(shop.stdout()).toContain('Traces off');
    await webShopper(shop.url()).get('/');
    expect(await read(`${shop.consoleUrl()}/`)).toContain('None yet.');
  });

  it('is on loopback alone', async () => {
    await using shop = await launchOpen({ ...ANY, HOST: '0.0.0.0' });
    expect(shop.consoleUrl()).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('is refused a port that was asked for and is taken, in one line', async () => {
    await using other = await takenPort();
    await using shop = launch({ CONSOLE_PORT: String(other.port) });
    expect(await shop.exited).toBe(1);
    expect(shop.stderr()).toBe(
      `Port ${other.port} is in use: choose another one with CONSOLE_PORT, as in: make run CONSOLE_PORT=${other.port + 1}\n`,
    );
  });

  it('makes room for the one of another shop, when nobody asked for its port', async () => {
    await using one = await launchOpen({ CONSOLE_PORT: '' });
    await using other = await launchOpen({ CONSOLE_PORT: '' });
    for (const shop of [one, other]) await read(`${shop.consoleUrl()}/`);
    expect(other.consoleUrl()).not.toBe(one.consoleUrl());
  });

  it('is refused the port of the storefront, in one line', async () => {
    const port = String(await freePort());
    await using shop = launch({ PORT: port, CONSOLE_PORT: port });
    expect(await shop.exited).toBe(1);
    expect(shop.stderr()).toBe(
      `Port ${port} is the storefront's: choose another one with CONSOLE_PORT, or with PORT.\n`,
    );
  });

  it('is off when it is to be off', async () => {
    await using shop = await launchOpen({ CONSOLE_PORT: 'off' });
    expect(shop.stdout()).toMatch(/Watch {2}off\n/);
  });

  it('is told when that is no port', async () => {
    await using shop = launch({ CONSOLE_PORT: 'yes' });
    expect(await shop.exited).toBe(1);
    expect(shop.stderr()).toContain('CONSOLE_PORT=yes: expected a port, or off');
  });
});
