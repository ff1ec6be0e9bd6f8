import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { CurrencyServiceDefinition } from '../../genproto/hipstershop/currency.ts';
import { DomainError, type DomainErrorKind } from '../errors.ts';
import { logLine, logOnly } from '../log/log-line.ts';
import { eventually } from '../testing/eventually.ts';
import { recordSpans } from '../testing/recorded-spans.ts';
import { TEST_SERVER, testCall } from '../testing/test-client.ts';
import { type TestRuntime, testRuntime } from '../testing/test-runtime.ts';
import { connectPeer } from './client.ts';
import { startGrpcServer } from './server.ts';

const inside = logLine({
  message: 'inside',
  level: 'info',
  when: 'Within the RPC.',
  fields: { email: logOnly<string>() },
});
const outside = logLine({ message: 'outside', level: 'info', when: 'After the RPC.', fields: {} });

/** Calls a server once and answers the spans of both sides, and what the server knew and logged. */
async function callOnce(handler: () => Promise<{ currencyCodes: string[] }>): Promise<{
  client: ReadableSpan;
  server: ReadableSpan;
  runtime: TestRuntime;
}> {
  const { tracer, spans } = recordSpans();
  const runtime = testRuntime({ service: 'currencyservice', tracer });
  const answer = async () => {
    runtime.log.write(inside, { email: 'ann@example.com' });
    return await handler();
  };
  await using running = await startGrpcServer({
    definition: CurrencyServiceDefinition,
    handlers: { getSupportedCurrencies: answer, convert: answer as never, batchConvert: answer as never },
    protoFile: 'hipstershop/currency.proto',
    config: TEST_SERVER,
    runtime,
    defaultDeadlineMs: 2000,
  });
  const { address } = running;
  using peer = connectPeer(CurrencyServiceDefinition, {
    to: 'currencyservice',
    address,
    tracer,
  });
  using call = testCall(1000);
  await peer.calls.getSupportedCurrencies({}, call).catch(() => {});
  const of = (kind: SpanKind) => spans().find((span) => span.kind === kind);
  await eventually(
    'both sides have ended',
    () => of(SpanKind.SERVER) !== undefined && of(SpanKind.CLIENT) !== undefined,
  );
  runtime.log.write(outside, {});
  return { client: of(SpanKind.CLIENT) as ReadableSpan, server: of(SpanKind.SERVER) as ReadableSpan, runtime };
}

describe('the spans of a call', () => {
  it('are one on each side, the server’s below the client’s, named by the full method', async () => {
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
    expect(remainingMs).toBeGreaterThan(500);
    expect(remainingMs).toBeLessThanOrEqual(980);
  });

  it.each<[DomainErrorKind, string, boolean]>([
    ['unavailable', 'UNAVAILABLE', true],
    ['precondition', 'FAILED_PRECONDITION', false],
    ['not-found', 'NOT_FOUND', false],
    ['exhausted', 'RESOURCE_EXHAUSTED', false],
  ])(
    'are errors when it fails as %s: always the caller’s, the server’s when it is its own fault',
    async (kind, word, isServers) => {
      const { client, server } = await callOnce(async () => {
        throw new DomainError(kind, 'PRODUCT_UNKNOWN', 'text');
      });
      const isError = (span: ReadableSpan): boolean => span.status.code === SpanStatusCode.ERROR;
      expect([isError(client), isError(server)]).toEqual([true, isServers]);
      for (const { attributes } of [client, server]) {
        expect(attributes).toMatchObject({ 'rpc.status_code': word, 'app.error.reason': 'PRODUCT_UNKNOWN' });
      }
      expect(client.attributes['error.type']).toBe(word);
      expect(server.attributes['error.type']).toBe(isServers ? word : undefined);
    },
  );

  it('name the log lines that are written for it, and no others', async () => {
    const { server, runtime } = await callOnce(async () => ({ currencyCodes: [] }));
    const ids = { trace_id: server.spanContext().traceId, span_id: server.spanContext().spanId };
    const line = (message: string) => runtime.logs.lines.find(({ msg }) => msg === message);
    expect(line('inside')).toMatchObject({ ...ids, email: '[redacted]' });
    expect(line('rpc completed')).toMatchObject(ids);
    expect(line('outside')).not.toHaveProperty('trace_id');
    expect(line('outside')).not.toHaveProperty('span_id');
  });
});
