import { CurrencyServiceDefinition } from '../genproto/hipstershop/currency.ts';
import { startGrpcServer } from '../lib/grpc/server.ts';
import type { RunningService, Runtime } from '../lib/runtime/runtime.ts';
import { topology } from '../topology.ts';
import type { CurrencyConfig } from './config.ts';
import { currencyHandlers } from './handlers.ts';
import { readRates } from './rates.ts';

/**
 * Starts the currency service.
 *
 * @throws {Error} when its address is taken
 */
export async function start(config: CurrencyConfig, runtime: Runtime): Promise<RunningService> {
  return await startGrpcServer({
    definition: CurrencyServiceDefinition,
    handlers: currencyHandlers({ rates: readRates() }),
    protoFile: topology.currencyservice.protoFile,
    config: config.server,
    runtime,
    defaultDeadlineMs: 2000,
  });
}
