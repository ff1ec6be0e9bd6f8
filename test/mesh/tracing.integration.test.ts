import { randomBytes } from 'node:crypto';
import { SpanKind } from '@opentelemetry/api';
import { innerSampler } from '../../src/lib/telemetry/sampler.ts';
import { eventually } from '../../src/lib/testing/eventually.ts';
import { type RecordedSpans, recordSpans } from '../../src/lib/testing/recorded-spans.ts';
import { exchange } from '../integration/http-exchange.ts';
import { type MakeProxy, startShopBehind } from '../integration/shop-behind.ts';
import { type SpanReceiver, startReceiver } from '../integration/span-receiver.ts';
import type { TestShop } from '../integration/test-shop.ts';
import { objectsIn } from '../manifests/kubernetes-objects.ts';
import { MESH } from '../manifests/mesh.ts';
import { startEnvoy } from './envoy.ts';
import { clusterOf, type EnvoyPart, listener, passOn, plainCluster, routesTo } from './envoy-config.ts';
import { meshRulesOf } from './mesh-rules.ts';

const GET_ADS = 'hipstershop.AdService/GetAds';
const [CALLER, CALLEE] = ['frontend.mercato', 'adservice.mercato'];
// Exports spans immediately instead of every five seconds.
const FLAGS = { 'tracing.opentelemetry.flush_interval_ms': 50, 'tracing.opentelemetry.min_flush_spans': 1 };

/** The sampling percentage of `telemetry.yaml`. */
function samplingPercentage(): number {
  const [telemetry] = objectsIn([`${MESH}/telemetry.yaml`]) as unknown as {
    readonly spec: { readonly tracing: readonly { readonly randomSamplingPercentage: number }[] };
  }[];
  return telemetry?.spec.tracing[0]?.randomSamplingPercentage ?? Number.NaN;
}

function tracing(collector: string, name: string): EnvoyPart {
  return {
    tracing: {
      random_sampling: { value: samplingPercentage() },
      provider: {
        name: 'envoy.tracers.opentelemetry',
        typed_config: {
          '@type': 'type.googleapis.com/envoy.config.trace.v3.OpenTelemetryConfig',
          service_name: name,
          http_service: { http_uri: { uri: `${collector}/v1/traces`, cluster: 'collector', timeout: '1s' } },
        },
      },
    },
  };
}

/** Both proxies of a call, the caller's and the callee's, which send their spans to a collector. */
const bothProxies =
  (collector: string): MakeProxy =>
  async (service, address) => {
    const rules = meshRulesOf(service);
    const { typed_extension_protocol_options: _isHttp2, ...toCollector } = plainCluster('collector', [
      new URL(collector).host,
    ]);
    const inbound = await startEnvoy({
      listeners: [
        listener({
          name: 'inbound',
          direction: 'INBOUND',
          routes: [passOn(service)],
          manager: tracing(collector, CALLEE),
        }),
      ],
      clusters: [plainCluster(service, [address]), toCollector],
      flags: FLAGS,
    });
    const outbound = await startEnvoy({
      listeners: [
        listener({
          name: 'outbound',
          // The test shop checks the health of every service once, which no VirtualService routes.
          routes: [...routesTo(rules), passOn(service)],
          manager: tracing(collector, CALLER),
        }),
      ],
      clusters: [clusterOf(rules, [inbound.address('inbound')]), toCollector],
      flags: FLAGS,
    });
    return {
      address: outbound.address('outbound'),
      [Symbol.asyncDispose]: async () => {
        await outbound[Symbol.asyncDispose]();
        await inbound[Symbol.asyncDispose]();
      },
    };
  };

/** A span of a service or of a proxy. */
type Span = {
  readonly service: string;
  readonly kind: string;
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
};

describe('the trace of a page whose call to adservice passes two proxies', () => {
  const recorded = new Map<string, RecordedSpans>();
  let receiver: SpanReceiver;
  let shop: TestShop;

  beforeAll(async () => {
    receiver = await startReceiver('otlp');
    const tracerOf = async (service: string) => {
      const spans = recordSpans(innerSampler(1));
      recorded.set(service, spans);
      return spans.tracer;
    };
    shop = await startShopBehind({ env: { GRPC_RETRIES: 'off' }, tracerOf }, (service) =>
      service === 'adservice' ? bothProxies(receiver.variables.OTEL_EXPORTER_OTLP_ENDPOINT ?? '') : undefined,
    );
  });

  afterAll(async () => {
    await shop?.[Symbol.asyncDispose]();
    await receiver?.[Symbol.asyncDispose]();
  });

  /** Requests the home page as part of a trace. Returns the trace id. */
  const visit = async (flags: '00' | '01'): Promise<string> => {
    const traceId = randomBytes(16).toString('hex');
    const headers = [`traceparent: 00-${traceId}-${randomBytes(8).toString('hex')}-${flags}`];
    expect((await exchange(shop.url, { headers })).status).toBe(200);
    return traceId;
  };
  const spansOf = (traceId: string): Span[] => {
    const ofServices = [...recorded].flatMap(([service, { spans }]) =>
      spans()
        .filter((span) => span.spanContext().traceId === traceId)
        .map((span) => ({
          service,
          kind: SpanKind[span.kind],
          name: span.name,
          spanId: span.spanContext().spanId,
          parentSpanId: span.parentSpanContext?.spanId,
        })),
    );
    return [...ofServices, ...receiver.spans().filter((span) => span.traceId === traceId)];
  };
  /** The spans from the page to adservice, each `service KIND`, the root first. */
  const wayToAds = (traceId: string): string[] => {
    const spans = spansOf(traceId);
    const wayTo = (span: Span | undefined): string[] => {
      if (span === undefined) return [];
      return [...wayTo(spans.find(({ spanId }) => spanId === span.parentSpanId)), `${span.service} ${span.kind}`];
    };
    return wayTo(spans.find(({ service, name }) => service === 'adservice' && name === GET_ADS));
  };
  const WHOLE = ['frontend SERVER', 'frontend CLIENT', `${CALLER} CLIENT`, `${CALLEE} SERVER`, 'adservice SERVER'];

  it('has the spans of the proxies between those of the services', async () => {
    const traceId = await visit('01');
    await eventually('the proxies have sent their spans', () => {
      const services = spansOf(traceId).map(({ service }) => service);
      return services.includes(CALLER) && services.includes(CALLEE);
    });
    expect(wayToAds(traceId)).toEqual(WHOLE);
  });

  it('has no spans when the incoming request is not sampled', async () => {
    const unsampled = await visit('00');
    const sampled = await visit('01');
    await eventually('a later trace is there', () => wayToAds(sampled).length === WHOLE.length);
    expect(spansOf(unsampled)).toEqual([]);
  });
});
