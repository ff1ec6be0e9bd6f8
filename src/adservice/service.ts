import { AdServiceDefinition } from '../genproto/hipstershop/ad.ts';
import { startGrpcServer } from '../lib/grpc/server.ts';
import type { RunningService, Runtime } from '../lib/runtime/runtime.ts';
import { topology } from '../topology.ts';
import type { AdConfig } from './config.ts';
import { adHandlers } from './handlers.ts';

/**
 * Starts the ad service.
 *
 * @throws {Error} when its address is taken
 */
export async function start(config: AdConfig, runtime: Runtime): Promise<RunningService> {
  return await startGrpcServer({
    definition: AdServiceDefinition,
    handlers: adHandlers(runtime),
    protoFile: topology.adservice.protoFile,
    config: config.server,
    runtime,
    defaultDeadlineMs: 2000,
  });
}
