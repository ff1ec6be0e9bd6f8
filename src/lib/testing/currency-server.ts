import { CurrencyServiceDefinition } from '../../genproto/hipstershop/currency.ts';
import { type GrpcServer, type GrpcServerOptions, type Handlers, startGrpcServer } from '../grpc/server.ts';
import { TEST_SERVER } from './test-client.ts';
import { type TestRuntime, testRuntime } from './test-runtime.ts';

/** A running server and its runtime. */
export type CurrencyServer = GrpcServer & { readonly runtime: TestRuntime };

/** Starts a currency server with the handlers of the test; the other RPCs return fixed responses. */
export async function startCurrencyServer(
  handlers: Partial<Handlers<CurrencyServiceDefinition>> = {},
  options: Partial<Pick<GrpcServerOptions<CurrencyServiceDefinition>, 'config' | 'defaultDeadlineMs'>> = {},
): Promise<CurrencyServer> {
  const runtime = testRuntime({ service: 'currencyservice' });
  const server = await startGrpcServer({
    definition: CurrencyServiceDefinition,
    handlers: {
      getSupportedCurrencies: async () => ({ currencyCodes: ['EUR'] }),
      convert: async ({ from }) => from ?? { currencyCode: 'EUR', units: 0n, nanos: 0 },
      batchConvert: async ({ from }) => ({ converted: from }),
      ...handlers,
    },
    protoFile: 'hipstershop/currency.proto',
    config: TEST_SERVER,
    defaultDeadlineMs: 2000,
    runtime,
    ...options,
  });
  return { ...server, runtime };
}
