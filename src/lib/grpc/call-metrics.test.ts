import { SpanStatusCode } from '@opentelemetry/api';
import { CurrencyServiceDefinition } from '../../genproto/hipstershop/currency.ts';
import { DomainError } from '../errors.ts';
import { startCurrencyServer } from '../testing/currency-server.ts';
import { recordSpans } from '../testing/recorded-spans.ts';
import { failureOfCall, TEST_SERVER, testCall } from '../testing/test-client.ts';
import { type TestRuntime, testRuntime } from '../testing/test-runtime.ts';
import { connectUpstreams } from './upstreams.ts';

const question = { from: { currencyCode: 'USD', units: 1n, nanos: 0 }, toCode: 'EUR' };

async function linesOf({ metrics }: TestRuntime, name: string): Promise<string[]> {
  return (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith(name));
}

function cancelled(call: ReturnType<typeof testCall>): ReturnType<typeof testCall> {
  call[Symbol.dispose]();
  return call;
}

function upstreamsAt(address: string, runtime: TestRuntime) {
  const definitions = { currencyservice: CurrencyServiceDefinition };
  return connectUpstreams({ runtime, definitions, addresses: { currencyservice: address }, retries: false });
}

describe('a call', () => {
  it('is counted by client and server, by RPC and status, with its trace as exemplar', async () => {
    const { tracer, spans } = recordSpans();
    await using server = await startCurrencyServer({
      convert: async () => {
        throw new DomainError('unavailable', 'UPSTREAM_UNAVAILABLE', 'try again later');
      },
    });
    const runtime = testRuntime({ service: 'frontend', tracer });
    using upstreams = upstreamsAt(server.address, runtime);
    using call = testCall();
    const { convert, getSupportedCurrencies } = upstreams.calls.currencyservice;
    await failureOfCall(convert(question, call));
    await failureOfCall(convert(question, call));
    await failureOfCall(getSupportedCurrencies({}, call));

    const service = 'hipstershop.CurrencyService';
    expect(await linesOf(server.runtime, 'rpc_server_call_duration_seconds_count')).toEqual([
      `rpc_server_call_duration_seconds_count{service="currencyservice",rpc_method="${service}/Convert",rpc_status_code="UNAVAILABLE"} 2`,
      `rpc_server_call_duration_seconds_count{service="currencyservice",rpc_method="${service}/GetSupportedCurrencies",rpc_status_code="OK"} 1`,
    ]);
    expect(await linesOf(runtime, 'rpc_client_call_duration_seconds_count')).toEqual([
      `rpc_client_call_duration_seconds_count{service="frontend",server_service_name="currencyservice",rpc_method="${service}/Convert",rpc_status_code="UNAVAILABLE"} 2`,
      `rpc_client_call_duration_seconds_count{service="frontend",server_service_name="currencyservice",rpc_method="${service}/GetSupportedCurrencies",rpc_status_code="OK"} 1`,
    ]);
    const exemplars = (await linesOf(runtime, 'rpc_client_call_duration_seconds_bucket')).join('\n');
    expect(exemplars).toContain(`trace_id="${spans().at(-1)?.spanContext().traceId}"`);
  });

  it('is counted by the client when no server listens', async () => {
    const runtime = testRuntime({ service: 'frontend' });
    using upstreams = upstreamsAt('127.0.0.1:1', runtime);
    using call = testCall();
    await failureOfCall(upstreams.calls.currencyservice.convert(question, call));
    const [line] = await linesOf(runtime, 'rpc_client_call_duration_seconds_count');
    expect(line).toMatch(/rpc_status_code="UNAVAILABLE"\} 1$/);
  });

  it.each([
    ['DEADLINE_EXCEEDED', 'its deadline has passed', () => testCall(0)],
    ['CANCELLED', 'its context was cancelled', () => cancelled(testCall())],
  ])('is counted as %s and has a span when it is not sent because %s', async (code, _why, begin) => {
    const { tracer, spans } = recordSpans();
    const runtime = testRuntime({ service: 'frontend', tracer });
    using upstreams = upstreamsAt('127.0.0.1:1', runtime);
    using call = begin();
    expect(await failureOfCall(upstreams.calls.currencyservice.convert(question, call))).toBe(code);
    const [line] = await linesOf(runtime, 'rpc_client_call_duration_seconds_count');
    expect(line).toContain(`rpc_status_code="${code}"} 1`);
    expect(spans().map(({ status, attributes }) => [status.code, attributes['rpc.status_code']])).toEqual([
      [SpanStatusCode.ERROR, code],
    ]);
  });

  it('counts as active while in flight, next to a gauge of the limit, and as RESOURCE_EXHAUSTED above the limit', async () => {
    let respond: () => void = () => {};
    const answered = new Promise<void>((resolve) => {
      respond = resolve;
    });
    let begun: () => void = () => {};
    const atWork = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const handlers = {
      getSupportedCurrencies: async () => {
        begun();
        await answered;
        return { currencyCodes: [] };
      },
    };
    await using server = await startCurrencyServer(handlers, { config: { ...TEST_SERVER, maxConcurrentCalls: 1 } });
    using upstreams = upstreamsAt(server.address, testRuntime({ service: 'frontend' }));
    using call = testCall();
    const { getSupportedCurrencies, convert } = upstreams.calls.currencyservice;
    const first = getSupportedCurrencies({}, call);
    await atWork;
    expect(await failureOfCall(convert(question, call))).toContain('RESOURCE_EXHAUSTED');
    expect(await linesOf(server.runtime, 'rpc_server_active_calls')).toEqual([
      'rpc_server_active_calls{service="currencyservice"} 1',
      'rpc_server_active_calls_limit{service="currencyservice"} 1',
    ]);
    respond();
    await first;
    const counted = await linesOf(server.runtime, 'rpc_server_call_duration_seconds_count');
    expect(counted.filter((line) => line.includes('RESOURCE_EXHAUSTED'))).toHaveLength(1);
    expect(await linesOf(server.runtime, 'rpc_server_active_calls{')).toEqual([
      'rpc_server_active_calls{service="currencyservice"} 0',
    ]);
  });
});
