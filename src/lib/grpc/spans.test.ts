import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { CurrencyServiceDefinition } from '../../genproto/hipstershop/currency.ts';
import { DomainError, type DomainErrorKind } from '../errors.ts';
import { logLine, logOnly } from '../log/log-line.ts';
import { eventually } from '../testing/eventually.ts';
import { recordSpans } from '../testing/recorded-spans.ts';
import { TEST_SERVER, testCall } from '../testing/test-client.ts';
import { type TestRuntime, testRuntime } from '../testing/test-runtime.ts';
import { HOP_RESERVE_MS } from './call-context.ts';
import { connectUpstream } from './client.ts';
import { startGrpcServer } from './server.ts';

// Jest's time limit for a test is far below half of it: a bound on the remaining time is never a matter of speed.
const BUDGET_MS = 600_000;

const inside = logLine({
  message: 'inside',
  level: 'info',
  when: 'Within the RPC.',
  fields: { email: logOnly<string>() },
});
const outside = logLine({ message: 'outside', level: 'info', when: 'After the RPC.', fields: {} });

/** Calls a server once; returns the client span, the server span and the runtime of the server. */
async function callOnce(handler: () => Promise<{ currencyCodes: string[] }>): Promise<{
  client: ReadableSpan;
  server: ReadableSpan;
  runtime: TestRuntime;
}> {
  const { tracer, spans } = recordSpans();
  const runtime = testRuntime({ service: 'currencyservice', tracer });
  const response = async () => {
    runtime.log.write(inside, { email: 'ann@example.com' });
    return await handler();
  };
  await using running = await startGrpcServer({
    definition: CurrencyServiceDefinition,
    handlers: { getSupportedCurrencies: response, convert: response as never, batchConvert: response as never },
    protoFile: 'hipstershop/currency.proto',
    config: TEST_SERVER,
    runtime,
    defaultDeadlineMs: 2000,
  });
  const { address } = running;
  using upstream = connectUpstream(CurrencyServiceDefinition, {
    to: 'currencyservice',
    address,
    tracer,
  });
  using call = testCall(BUDGET_MS);
  await upstream.calls.getSupportedCurrencies({}, call).catch(() => {});
  const of = (kind: SpanKind) => spans().find((span) => span.kind === kind);
  await eventually(
    'both spans have ended',
    () => of(SpanKind.SERVER) !== undefined && of(SpanKind.CLIENT) !== undefined,
  );
  runtime.log.write(outside, {});
  return { client: of(SpanKind.CLIENT) as ReadableSpan, server: of(SpanKind.SERVER) as ReadableSpan, runtime };
}

describe('the client and server spans of a call', () => {
  it('are named by the full method, and the server span is a child of the client span', async () => {
    const { client, server } = await callOnce(async () => ({ currencyCodes: [] }));
    const name = 'hipstershop.CurrencyService/GetSupportedCurrencies';
    expect([client.name, server.name]).toEqual([name, name]);
    expect(server.parentSpanContext?.spanId).toBe(client.spanContext().spanId);
    expect(client.attributes).toEqual({
      'rpc.system.name': 'grpc',
      'rpc.method': name,
      'server.service.name': 'currencyservice',
      'rpc.status_code': 'OK',
    });
    expect(server.attributes).toEqual({
      'rpc.system.name': 'grpc',
      'rpc.method': name,
      'app.request.id': 'test',
      'app.deadline.remaining_ms': expect.any(Number),
      'rpc.status_code': 'OK',
    });
    const remainingMs = Number(server.attributes['app.deadline.remaining_ms']);
    expect(remainingMs).toBeGreaterThan(BUDGET_MS / 2);
    expect(remainingMs).toBeLessThanOrEqual(BUDGET_MS - HOP_RESERVE_MS);
  });

  it.each<[DomainErrorKind, string, boolean]>([
    ['unavailable', 'UNAVAILABLE', true],
    ['precondition', 'FAILED_PRECONDITION', false],
    ['not-found', 'NOT_FOUND', false],
    ['exhausted', 'RESOURCE_EXHAUSTED', false],
  ])(
    'have an error status when the call fails as %s: the client span always, the server span only for a server error',
    async (kind, word, isServerError) => {
      const { client, server } = await callOnce(async () => {
        throw new DomainError(kind, 'PRODUCT_UNKNOWN', 'text');
      });
      const isError = (span: ReadableSpan): boolean => span.status.code === SpanStatusCode.ERROR;
      expect([isError(client), isError(server)]).toEqual([true, isServerError]);
      for (const { attributes } of [client, server]) {
        expect(attributes).toMatchObject({ 'rpc.status_code': word, 'app.error.reason': 'PRODUCT_UNKNOWN' });
      }
      expect(client.attributes['error.type']).toBe(word);
      expect(server.attributes['error.type']).toBe(isServerError ? word : undefined);
    },
  );

  it('give their ids to the log lines written during the call and to no other line', async () => {
    const { server, runtime } = await callOnce(async () => ({ currencyCodes: [] }));
    const ids = { trace_id: server.spanContext().traceId, span_id: server.spanContext().spanId };
    const line = (message: string) => runtime.logs.lines.find(({ msg }) => msg === message);
    expect(line('inside')).toMatchObject({ ...ids, email: '[redacted]' });
    expect(line('rpc completed')).toMatchObject(ids);
    expect(line('outside')).not.toHaveProperty('trace_id');
    expect(line('outside')).not.toHaveProperty('span_id');
  });
});
