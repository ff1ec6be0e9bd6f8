import { projectPath } from '../../src/lib/runtime/project-root.ts';
import { runNode } from '../../src/lib/testing/child-process.ts';
import { startRedis } from '../../src/lib/testing/redis-server.ts';
import { serviceNames, topology } from '../../src/topology.ts';
import { undeclared } from '../observability/received.ts';
import { type LaunchedShop, launchOpen, logLines } from './launched-shop.ts';
import type { ReceivedSpan } from './received-span.ts';
import { type SpanReceiver, startReceiver } from './span-receiver.ts';
import { checkoutForm, MUG, shopAround, webShopper } from './web-shopper.ts';

const DECLINED = '4000000000000002';

const WARM_UP = 'CLIENT recommendationservice hipstershop.ProductCatalogService/ListProducts';

/** The root spans of `shopAround`. */
const CLICKS = [
  'GET /',
  'GET /search',
  'POST /setCurrency',
  'GET /product/:id',
  'POST /cart',
  'POST /cart/empty',
  'POST /cart',
  'GET /cart',
  'POST /cart/checkout',
  'GET /orders',
  'GET /order/:id',
];

/** Runs a journey in a launched shop, ends the shop, and answers all it sent and logged: it is all in the document. */
async function traced(
  receiver: SpanReceiver,
  env: Record<string, string>,
  journey: (shop: LaunchedShop) => Promise<unknown>,
) {
  await using shop = await launchOpen({ LOG_LEVEL: 'info', ...receiver.variables, ...env });
  await journey(shop);
  shop.process.kill('SIGTERM');
  expect(await shop.exited).toBe(0);
  const [spans, logs] = [receiver.spans(), logLines(shop.stdout())];
  expect(undeclared({ spans, lines: logs })).toEqual([]);
  return { spans, logs };
}

const rootsOf = (spans: readonly ReceivedSpan[]) => spans.filter(({ parentSpanId }) => parentSpanId === '');
/** The spans of the traces that start at the storefront. */
const spansOfRequests = (spans: readonly ReceivedSpan[]): readonly ReceivedSpan[] => {
  const traceIds = new Set(rootsOf(spans).flatMap(({ service, traceId }) => (service === 'frontend' ? [traceId] : [])));
  return spans.filter(({ traceId }) => traceIds.has(traceId));
};
const traceOf = (spans: readonly ReceivedSpan[], root: string): readonly ReceivedSpan[] => {
  const traceId = rootsOf(spans).find(({ name }) => name === root)?.traceId;
  return spans.filter((span) => span.traceId === traceId);
};
const servicesOf = (spans: readonly ReceivedSpan[]): string[] =>
  [...new Set(spans.map(({ service }) => service))].sort();

function orphansOf(spans: readonly ReceivedSpan[]): readonly ReceivedSpan[] {
  const known = new Set(spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`));
  return spans.filter(({ traceId, parentSpanId }) => parentSpanId !== '' && !known.has(`${traceId} ${parentSpanId}`));
}

/** The calls that were made and arrived: a client's span with a server's below it. */
function edgesOf(spans: readonly ReceivedSpan[]): string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const edges = spans
    .filter(({ kind, attributes }) => kind === 'SERVER' && attributes['rpc.system.name'] === 'grpc')
    .map((server) => {
      const client = byId.get(server.parentSpanId);
      return `${client?.kind} ${client?.service} -> ${server.service} ${server.name} as ${client?.name}`;
    });
  return [...new Set(edges)].sort();
}

function edgesOfTopology(): string[] {
  return serviceNames
    .flatMap((from) =>
      Object.entries(topology[from].calls).flatMap(([to, rpcs]) => {
        const { grpcService } = topology[to as keyof typeof topology];
        return rpcs.map((rpc) => `CLIENT ${from} -> ${to} ${grpcService}/${rpc} as ${grpcService}/${rpc}`);
      }),
    )
    .sort();
}

/** The storefront, and every service that is called in an ordinary run, sorted. */
function calledServices(): string[] {
  const called = serviceNames.flatMap((name) => Object.keys(topology[name].calls));
  return [...new Set(['frontend', ...called])].sort();
}

/** The server spans that did not get less time than the server span above them. */
function deadlinesThatGrow(spans: readonly ReceivedSpan[]): string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const remainingMs = ({ attributes }: ReceivedSpan): number => Number(attributes['app.deadline.remaining_ms']);
  const serverAbove = (span: ReceivedSpan): ReceivedSpan | undefined => {
    const parent = byId.get(span.parentSpanId);
    return parent === undefined || parent.kind === 'SERVER' ? parent : serverAbove(parent);
  };
  return spans
    .filter((span) => {
      if (span.kind !== 'SERVER') return false;
      const above = serverAbove(span);
      return !(remainingMs(span) > 0) || (above !== undefined && !(remainingMs(span) < remainingMs(above)));
    })
    .map(({ service, name }) => `${service} ${name}`);
}

type Traced = Awaited<ReturnType<typeof traced>>;

function itConnectsTheShop(subject: () => Traced): void {
  let spans: readonly ReceivedSpan[];
  let logs: readonly Record<string, unknown>[];

  beforeAll(() => {
    ({ spans, logs } = subject());
  });

  it('are one trace per request, which starts at the storefront, and one for the catalogue that is loaded at start', () => {
    const roots = rootsOf(spans).map(({ kind, service, name }) => `${kind} ${service} ${name}`);
    const requests = CLICKS.map((name) => `SERVER frontend ${name}`);
    expect(roots.filter((root) => root !== WARM_UP).sort()).toEqual(requests.sort());
    // On a busy machine the first load may fail; the service repeats it.
    expect(roots).toContain(WARM_UP);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(roots.length);
  });

  it('contain the parent of every span', () => {
    expect(orphansOf(spans)).toEqual([]);
  });

  it('contain every call of the topology and no other', () => {
    expect(edgesOf(spans)).toEqual(edgesOfTopology());
  });

  it('contain eight services for a checkout, including the mail, and ten for all pages', () => {
    const checkout = traceOf(spans, 'POST /cart/checkout');
    const without = ['adservice', 'recommendationservice'];
    expect(servicesOf(checkout)).toEqual(calledServices().filter((name) => !without.includes(name)));
    expect(servicesOf(spans)).toEqual(calledServices());
    const mail = checkout.find(({ name }) => name === 'send confirmation');
    expect(mail).toMatchObject({ service: 'emailservice', kind: 'PRODUCER' });
    expect(checkout.find(({ kind }) => kind === 'CONSUMER')).toMatchObject({ service: 'checkoutservice' });
  });

  it('record less remaining time with every hop', () => {
    expect(deadlinesThatGrow(spans)).toEqual([]);
  });

  it('are referred to by the log lines of their requests', () => {
    const known = new Map(spans.map((span) => [span.spanId, span]));
    // The launcher asks for the readiness of the frontend, of which there is no trace.
    const answered = logs.filter(
      ({ msg, route }) => msg === 'rpc completed' || (msg === 'request completed' && route !== '/_healthz'),
    );
    expect(answered.length).toBeGreaterThan(CLICKS.length * 3);
    for (const { service, trace_id, span_id } of answered) {
      expect({ service, traceId: trace_id }).toEqual({
        service: known.get(String(span_id))?.service,
        traceId: known.get(String(span_id))?.traceId,
      });
    }
    // On a busy machine a page may be served without an upstream that has a budget of 600 ms.
    const failed = spansOfRequests(spans).filter(({ isError }) => isError);
    expect(failed.filter(({ attributes }) => attributes['error.type'] !== 'DEADLINE_EXCEEDED')).toEqual([]);
  });
}

describe.each([
  ['OTLP', 'otlp'],
  ['Thrift for Jaeger', 'jaeger'],
] as const)('the traces of a shop in one process, sent as %s', (_name, protocol) => {
  let result: Traced;

  beforeAll(async () => {
    await using receiver = await startReceiver(protocol);
    result = await traced(receiver, {}, (shop) => shopAround(webShopper(shop.url())));
  });

  itConnectsTheShop(() => result);
});

describe('the traces of a shop of one process per service, with Redis', () => {
  let result: Traced;

  beforeAll(async () => {
    await using redis = await startRedis();
    await using receiver = await startReceiver('otlp');
    const env = { PER_SERVICE: '1', REDIS_ADDR: redis.address };
    result = await traced(receiver, env, (shop) => shopAround(webShopper(shop.url())));
  });

  itConnectsTheShop(() => result);

  it('have a span for each command to Redis, below the span of the RPC', () => {
    const { spans } = result;
    const commands = spans.filter(({ attributes }) => attributes['db.system.name'] === 'redis');
    const parent = (span: ReceivedSpan) => spans.find(({ spanId }) => spanId === span.parentSpanId)?.name;
    const described = commands.map((span) => `${span.service} ${span.kind} ${span.name} below ${parent(span)}`);
    expect([...new Set(described)].sort()).toEqual([
      'cartservice CLIENT EVALSHA addToCart below hipstershop.CartService/AddItem',
      'cartservice CLIENT EVALSHA emptyCart below hipstershop.CartService/EmptyCart',
      'cartservice CLIENT HGETALL below hipstershop.CartService/GetCart',
    ]);
    expect(commands.find(({ name }) => name === 'EVALSHA addToCart')?.attributes).toEqual({
      'db.system.name': 'redis',
      'db.operation.name': 'EVALSHA',
      'db.stored_procedure.name': 'addToCart',
    });
  });
});

describe('the trace of a failure', () => {
  it('marks the calls that failed with a declined card, and no server span of a service that handled it', async () => {
    await using receiver = await startReceiver('otlp');
    const { spans } = await traced(receiver, {}, async (shop) => {
      const shopper = webShopper(shop.url());
      await shopper.post('/cart', { product_id: MUG, quantity: '1' });
      const { status } = await shopper.post('/cart/checkout', checkoutForm({ credit_card_number: DECLINED }));
      expect(status).toBe(422);
    });
    const failed = spansOfRequests(spans).filter(({ isError }) => isError);
    expect(failed.map(({ kind, service, name }) => `${kind} ${service} ${name}`).sort()).toEqual([
      'CLIENT checkoutservice hipstershop.PaymentService/Charge',
      'CLIENT frontend hipstershop.CheckoutService/PlaceOrder',
    ]);
    const charge = spans.find(({ kind, name }) => kind === 'SERVER' && name.endsWith('/Charge'));
    expect(charge).toMatchObject({
      attributes: { 'rpc.status_code': 'FAILED_PRECONDITION', 'app.error.reason': 'CARD_DECLINED' },
    });
  });

  it('marks every hop of an outage, up to the page', async () => {
    await using receiver = await startReceiver('otlp');
    const { spans } = await traced(receiver, { EXTRA_LATENCY: '10s', TIME_BUDGET_FACTOR: '1' }, async (shop) => {
      expect((await webShopper(shop.url()).get('/')).status).toBe(503);
    });
    const trace = traceOf(spans, 'GET /');
    const failed = trace.filter(({ isError }) => isError);
    // On a busy machine calls that the page can do without may fail as well.
    expect(failed.map(({ kind, service, name }) => `${kind} ${service} ${name}`)).toEqual(
      expect.arrayContaining([
        'CLIENT frontend hipstershop.ProductCatalogService/ListProducts',
        'SERVER frontend GET /',
      ]),
    );
    // The server sees either its deadline or the cancellation by its client first.
    for (const { attributes } of trace.filter(({ name }) => name.endsWith('/ListProducts'))) {
      expect(attributes['rpc.status_code']).toMatch(/^(?:DEADLINE_EXCEEDED|CANCELLED)$/);
    }
    for (const { attributes } of failed) expect(attributes['error.type']).toMatch(/^(?:DEADLINE_EXCEEDED|503)$/);
  });
});

describe('the load generator', () => {
  it('starts the trace of each page that it requests', async () => {
    await using receiver = await startReceiver('otlp');
    const { spans } = await traced(receiver, {}, async (shop) => {
      await using load = runNode(projectPath('dist', 'loadgenerator', 'main.js'), {
        ...receiver.variables,
        FRONTEND_ADDR: shop.url().replace('http://', ''),
        USERS: '1',
        WAIT_SCALE: '0',
        SECONDS: '2',
        MAX_ERROR_RATIO: '1',
      });
      expect(await load.ended()).toBe(0);
    });
    const roots = rootsOf(spans).filter(({ service }) => service !== 'recommendationservice');
    expect(roots).not.toEqual([]);
    expect(new Set(roots.map(({ service, kind }) => `${service} ${kind}`))).toEqual(new Set(['loadgenerator CLIENT']));
    expect(orphansOf(spans)).toEqual([]);
    // A page that the load generator gave up may have ended before the frontend received the request.
    const answered = roots.filter(({ attributes }) => attributes['error.type'] !== 'TIMEOUT');
    expect(answered).not.toEqual([]);
    for (const { traceId } of answered) {
      const services = servicesOf(spans.filter((span) => span.traceId === traceId));
      expect(services).toEqual(expect.arrayContaining(['frontend', 'loadgenerator']));
    }
  });
});
