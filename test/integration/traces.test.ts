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

/** What a shopper does, as the roots of the traces are named. */
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

describe.each([
  ['in one process, as OTLP', 'otlp', {}],
  ['in a process a service, as OTLP', 'otlp', { PER_SERVICE: '1' }],
  ['in one process, as Thrift to Jaeger', 'jaeger', {}],
] as const)('the traces of a shop %s', (_how, protocol, env) => {
  let receiver: SpanReceiver;
  let spans: readonly ReceivedSpan[];
  let logs: readonly Record<string, unknown>[];

  beforeAll(async () => {
    receiver = await startReceiver(protocol);
    ({ spans, logs } = await traced(receiver, env, (shop) => shopAround(webShopper(shop.url()))));
  });

  afterAll(async () => {
    await receiver[Symbol.asyncDispose]();
  });

  it('are one for each click, from the storefront on, and one for what is fetched before anybody clicks', () => {
    const roots = rootsOf(spans).map(({ kind, service, name }) => `${kind} ${service} ${name}`);
    const clicks = CLICKS.map((name) => `SERVER frontend ${name}`);
    const warmUp = 'CLIENT recommendationservice hipstershop.ProductCatalogService/ListProducts';
    expect(roots.sort()).toEqual([...clicks, warmUp].sort());
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(roots.length);
  });

  it('hang together: no span has a parent that did not arrive', () => {
    expect(orphansOf(spans)).toEqual([]);
  });

  it('show every call of the topology and no other', () => {
    expect(edgesOf(spans)).toEqual(edgesOfTopology());
  });

  it('show eight services for a checkout, the mail among its work, and ten for all pages together', () => {
    const checkout = traceOf(spans, 'POST /cart/checkout');
    const without = ['adservice', 'recommendationservice'];
    expect(servicesOf(checkout)).toEqual(calledServices().filter((name) => !without.includes(name)));
    expect(servicesOf(spans)).toEqual(calledServices());
    const mail = checkout.find(({ name }) => name === 'send confirmation');
    expect(mail).toMatchObject({ service: 'emailservice', kind: 'PRODUCER' });
    expect(checkout.find(({ kind }) => kind === 'CONSUMER')).toMatchObject({ service: 'checkoutservice' });
  });

  it('say how much time each server got, less with every hop', () => {
    expect(deadlinesThatGrow(spans)).toEqual([]);
  });

  it('are named by the log lines that belong to them', () => {
    const known = new Map(spans.map((span) => [span.spanId, span]));
    const answered = logs.filter(({ msg }) => msg === 'rpc completed' || msg === 'request completed');
    expect(answered.length).toBeGreaterThan(CLICKS.length * 3);
    for (const { service, trace_id, span_id } of answered) {
      expect({ service, traceId: trace_id }).toEqual({
        service: known.get(String(span_id))?.service,
        traceId: known.get(String(span_id))?.traceId,
      });
    }
    expect(spans.filter(({ isError }) => isError)).toEqual([]);
  });
});

describe('the traces of a shop with Redis', () => {
  it('show what the cart asks of it, below the call it is asked for', async () => {
    await using redis = await startRedis();
    await using receiver = await startReceiver('otlp');
    const { spans } = await traced(receiver, { REDIS_ADDR: redis.address }, (shop) =>
      shopAround(webShopper(shop.url())),
    );
    const asked = spans.filter(({ attributes }) => attributes['db.system.name'] === 'redis');
    const above = (span: ReceivedSpan) => spans.find(({ spanId }) => spanId === span.parentSpanId)?.name;
    const ways = asked.map((span) => `${span.service} ${span.kind} ${span.name} below ${above(span)}`);
    expect([...new Set(ways)].sort()).toEqual([
      'cartservice CLIENT EVALSHA addToCart below hipstershop.CartService/AddItem',
      'cartservice CLIENT EVALSHA emptyCart below hipstershop.CartService/EmptyCart',
      'cartservice CLIENT HGETALL below hipstershop.CartService/GetCart',
    ]);
    expect(asked.find(({ name }) => name === 'EVALSHA addToCart')?.attributes).toEqual({
      'db.system.name': 'redis',
      'db.operation.name': 'EVALSHA',
      'db.stored_procedure.name': 'addToCart',
    });
    expect(orphansOf(spans)).toEqual([]);
  });
});

describe('the trace of a failure', () => {
  it('is marked where a card is declined and at its callers, and not where the caller was answered well', async () => {
    await using receiver = await startReceiver('otlp');
    const { spans } = await traced(receiver, {}, async (shop) => {
      const shopper = webShopper(shop.url());
      await shopper.post('/cart', { product_id: MUG, quantity: '1' });
      const { status } = await shopper.post('/cart/checkout', checkoutForm({ credit_card_number: DECLINED }));
      expect(status).toBe(422);
    });
    const failed = spans.filter(({ isError }) => isError);
    expect(failed.map(({ kind, service, name }) => `${kind} ${service} ${name}`).sort()).toEqual([
      'CLIENT checkoutservice hipstershop.PaymentService/Charge',
      'CLIENT frontend hipstershop.CheckoutService/PlaceOrder',
    ]);
    const charge = spans.find(({ kind, name }) => kind === 'SERVER' && name.endsWith('/Charge'));
    expect(charge).toMatchObject({
      attributes: { 'rpc.status_code': 'FAILED_PRECONDITION', 'app.error.reason': 'CARD_DECLINED' },
    });
  });

  it('is marked on every hop of an outage, up to the page', async () => {
    await using receiver = await startReceiver('otlp');
    const { spans } = await traced(receiver, { EXTRA_LATENCY: '10s' }, async (shop) => {
      expect((await webShopper(shop.url()).get('/')).status).toBe(503);
    });
    const failed = traceOf(spans, 'GET /').filter(({ isError }) => isError);
    expect(failed.map(({ kind, service, name }) => `${kind} ${service} ${name}`).sort()).toEqual([
      'CLIENT frontend hipstershop.ProductCatalogService/ListProducts',
      'SERVER frontend GET /',
      'SERVER productcatalogservice hipstershop.ProductCatalogService/ListProducts',
    ]);
    for (const { attributes } of failed) expect(attributes['error.type']).toMatch(/^(?:DEADLINE_EXCEEDED|503)$/);
  });
});

describe('the load generator', () => {
  it('begins the trace of each page it asks for', async () => {
    await using receiver = await startReceiver('otlp');
    const { spans } = await traced(receiver, {}, async (shop) => {
      await using load = runNode(projectPath('dist', 'loadgenerator', 'main.js'), {
        ...receiver.variables,
        FRONTEND_ADDR: shop.url().replace('http://', ''),
        PAGES_PER_SECOND: '20',
        SECONDS: '2',
      });
      expect(await load.ended()).toBe(0);
    });
    const roots = rootsOf(spans).filter(({ service }) => service !== 'recommendationservice');
    expect(roots.length).toBeGreaterThan(20);
    expect(new Set(roots.map(({ service, kind }) => `${service} ${kind}`))).toEqual(new Set(['loadgenerator CLIENT']));
    expect(orphansOf(spans)).toEqual([]);
    for (const { traceId } of roots) {
      const services = servicesOf(spans.filter((span) => span.traceId === traceId));
      expect(services).toEqual(expect.arrayContaining(['frontend', 'loadgenerator']));
    }
  });
});
