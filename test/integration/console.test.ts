import { type AddressInfo, createServer } from 'node:net';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { freePort } from '../../src/lib/testing/free-port.ts';
import { type LaunchedShop, launch, launchOpen, processOf } from './launched-shop.ts';
import { type SpanReceiver, startReceiver } from './span-receiver.ts';
import { checkoutForm, MUG, shopAround, type WebShopper, webShopper } from './web-shopper.ts';

const SERVICES_OF_CHECKOUT = [
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

/** Waits for a trace of this name in the list and returns the address of the newest one. */
async function traceUrl(shop: LaunchedShop, name: string): Promise<string> {
  let path: string | undefined;
  await eventually(`"${name}" is listed`, async () => {
    path = new RegExp(`<a href="(/traces/\\w+)">${name}</a>`).exec(await read(`${shop.consoleUrl()}/`))?.[1];
    return path !== undefined;
  });
  return `${shop.consoleUrl()}${path}`;
}

/**
 * Waits until a page of the console contains all of the texts.
 *
 * @param traffic runs before each look at the page: rates and errors are those of the last minute
 */
async function expectShown(
  url: string,
  texts: readonly (string | RegExp)[],
  traffic: () => Promise<unknown> = async () => {},
): Promise<void> {
  let page = '';
  const isShown = (text: string | RegExp): boolean =>
    typeof text === 'string' ? page.includes(text) : text.test(page);
  await eventually(`${url} contains ${texts.join(', ')}`, async () => {
    await traffic();
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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

const HALF_HOUR_MS = 1_800_000;
const timeOfDayMs = (text: string | undefined): number => Date.parse(`1970-01-01T${text}Z`);

/** Launches a shop with a console, in a time zone that differs from UTC, the zone of the logs, by an odd 5:45 hours. */
async function launchWithConsole(env: Record<string, string>): Promise<LaunchedShop> {
  const shop = await launchOpen({ CONSOLE_PORT: '0', TZ: 'Asia/Kathmandu', ...env });
  await shopAround(webShopper(shop.url()));
  return shop;
}

function itShowsTheShop(shop: () => LaunchedShop): void {
  it('shows the trace of a checkout with its eight services, the mail, the order id and the log lines', async () => {
    const url = await traceUrl(shop(), 'POST /cart/checkout');
    const services = SERVICES_OF_CHECKOUT.map((name) => `<span class="service s-${name}">${name}</span>`);
    const spans = ['PaymentService/Charge', 'send confirmation', 'app.order.id'];
    const lines = ['order placed', 'charge made', 'order shipped', 'mail sent', 'request completed'];
    await expectShown(url, [...services, ...spans, ...lines, '<rect class="bar s-paymentservice"']);
  });

  it('shows the events of the order of a checkout, with personal data masked', async () => {
    const [, path = ''] =
      /href="(\/orders\/[^"]+)"/.exec(await read(await traceUrl(shop(), 'POST /cart/checkout'))) ?? [];
    const page = await read(`${shop().consoleUrl()}${path}`);
    for (const event of ['placed', 'charged', 'shipped', 'confirmed']) expect(page).toContain(`<td>${event}</td>`);
    expect(page).toContain('***, United States');
    expect(page).not.toMatch(/someone@example\.com|Amphitheatre/);
  });

  it('shows every service as ready, and the rate and the 95th percentile of the calls', async () => {
    const ready = [...SERVICES_OF_CHECKOUT, 'adservice', 'recommendationservice'].map(
      (name) => new RegExp(`s-${name}">${name}</span></th><td><span class="good">ready`),
    );
    const rates = [/checkoutservice: \d+\/min, p95 [\d.]+ m?s/, /shoppers: .*?\/(?:min|s)/];
    const shopper = webShopper(shop().url());
    await expectShown(`${shop().consoleUrl()}/services`, [...ready, ...rates], () => buyMugs(shopper));
  });

  it('shows the times of traces and of log lines in the same time zone', async () => {
    const url = await traceUrl(shop(), 'POST /cart/checkout');
    await expectShown(url, ['request completed']);
    const list = await read(`${shop().consoleUrl()}/`);
    const listedMs = timeOfDayMs(/>POST \/cart\/checkout<.*?<td>(\d\d:\d\d:\d\d)</.exec(list)?.[1]);
    const loggedMs = timeOfDayMs(/<td>(\d\d:\d\d:\d\d)\.\d{3}</.exec(await read(url))?.[1]);
    // In different zones the times are 5:45 hours apart. Midnight may lie between them, which makes 48 half hours.
    expect(Math.abs(Math.round((loggedMs - listedMs) / HALF_HOUR_MS) % 48)).toBe(0);
  });

  it('lists a failed checkout among the errors and shows its reason', async () => {
    const form = checkoutForm({ credit_card_number: '4000000000000002' });
    expect(await buyMugs(webShopper(shop().url()), form)).toBe(422);
    await eventually('the checkout is listed among the errors', async () =>
      /POST \/cart\/checkout.*?2 failed/.test(await read(`${shop().consoleUrl()}/?show=errors`)),
    );
    await expectShown(await traceUrl(shop(), 'POST /cart/checkout'), [
      'CARD_DECLINED',
      'charge declined',
      'class="bad">failed',
    ]);
  });

  it('adds no line to the output of the launcher', () => {
    expect(shop().stdout()).not.toContain('rpc completed');
    expect(shop().stderr()).toBe('');
  });
}

describe('the console of a shop in one process with a collector', () => {
  let receiver: SpanReceiver;
  let shop: LaunchedShop;

  beforeAll(async () => {
    receiver = await startReceiver('otlp');
    shop = await launchWithConsole({
      ...receiver.variables,
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_EXPORTER_OTLP_HEADERS: 'host=collector.example',
    });
  });

  afterAll(async () => {
    await shop?.[Symbol.asyncDispose]();
    await receiver?.[Symbol.asyncDispose]();
  });

  itShowsTheShop(() => shop);

  it('receives the spans that the collector receives, without the collector’s compression and headers', async () => {
    expect(shop.stdout()).toContain('Traces in the console, and sent as otlp');
    await traceUrl(shop, 'GET /');
    await eventually('the collector has the page', () => receiver.spans().some(({ name }) => name === 'GET /'));
    expect(receiver.headers()).toMatchObject({ 'content-encoding': 'gzip', host: 'collector.example' });
  });

  it('shows the load and the memory of the process and links to its metrics', async () => {
    const page = await read(`${shop.consoleUrl()}/services`);
    expect(page).toMatch(/s-launcher">launcher<.*?% busy, p99 lag [\d.]+ m?s, \d\d+ MB/);
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
});

describe('the console of a shop of one process per service', () => {
  let shop: LaunchedShop;

  beforeAll(async () => {
    // A page that waits for a suspended service fails after 9 s.
    shop = await launchWithConsole({ PER_SERVICE: '1', TIME_BUDGET_FACTOR: '3' });
  });

  afterAll(async () => {
    await shop?.[Symbol.asyncDispose]();
  });

  itShowsTheShop(() => shop);

  it('shows that a suspended service is not answering and that its callers have errors', async () => {
    const shopper = webShopper(shop.url());
    expect((await shopper.get('/')).status).toBe(200);
    const { pid } = processOf(shop, 'cartservice');
    process.kill(pid, 'SIGSTOP');
    try {
      expect((await shopper.get('/cart')).status).toBe(503);
      await expectShown(`${shop.consoleUrl()}/services`, [
        />cartservice<\/text><text class="bad"[^>]*>not ready</,
        /s-cartservice.*?not answering/,
      ]);
      await expectShown(`${shop.consoleUrl()}/services`, [/frontend: .*? % errors/], () => shopper.get('/cart'));
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await expectShown(`${shop.consoleUrl()}/services`, [
      /s-cartservice">cartservice<\/span><\/th><td><span class="good">ready/,
    ]);
  });
});

describe('the console of a shop on every network interface, without traces', () => {
  let shop: LaunchedShop;

  beforeAll(async () => {
    shop = await launchOpen({ CONSOLE_PORT: '', HOST: '0.0.0.0', TRACES_EXPORTER: 'none' });
  });

  afterAll(async () => {
    await shop?.[Symbol.asyncDispose]();
  });

  it('lists no trace', async () => {
    expect(shop.stdout()).toContain('Traces off');
    await webShopper(shop.url()).get('/');
    expect(await read(`${shop.consoleUrl()}/`)).toContain('None yet.');
  });

  it('listens on loopback only', () => {
    expect(shop.consoleUrl()).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('leaves its default port to a shop that was started earlier', async () => {
    await using later = await launchOpen({ CONSOLE_PORT: '' });
    for (const one of [shop, later]) await read(`${one.consoleUrl()}/`);
    expect(later.consoleUrl()).not.toBe(shop.consoleUrl());
  });
});

describe('CONSOLE_PORT', () => {
  it('is rejected in one line when the port is in use', async () => {
    await using other = await takenPort();
    await using shop = launch({ CONSOLE_PORT: String(other.port) });
    expect(await shop.exited).toBe(1);
    expect(shop.stderr()).toBe(
      `Port ${other.port} is in use: choose another one with CONSOLE_PORT, as in: make run CONSOLE_PORT=${other.port + 1}\n`,
    );
  });

  it('is rejected in one line when it is the port of the storefront', async () => {
    // Both variables name one port, so it has to be known before the launcher starts.
    const port = String(await freePort());
    await using shop = launch({ PORT: port, CONSOLE_PORT: port });
    expect(await shop.exited).toBe(1);
    expect(shop.stderr()).toBe(
      `Port ${port} is the storefront's: choose another one with CONSOLE_PORT, or with PORT.\n`,
    );
  });

  it('is rejected when it is neither a port nor off', async () => {
    await using shop = launch({ CONSOLE_PORT: 'yes' });
    expect(await shop.exited).toBe(1);
    expect(shop.stderr()).toContain('CONSOLE_PORT=yes: expected a port, or off');
  });
});
