import { Server, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { type InFlight, inFlightLimit } from '../net/in-flight.ts';
import { hostPort, listen } from '../net/listen.ts';
import { withTimeLimit } from '../net/with-time-limit.ts';
import type { RunningService, Runtime } from '../runtime/runtime.ts';
import type { CallContext } from './call-context.ts';
import { serverCallMetrics } from './call-metrics.ts';
import { type RequestOf, type ResponseOf, type ServiceDefinition, type WireMethod, wireMethods } from './definition.ts';
import { addReflection } from './reflection.ts';
import { decoderOf } from './server-decode.ts';
import { unaryHandler } from './server-steps.ts';

/** The RPCs of a service as async functions. What they throw is mapped to a status in one place. */
export type Handlers<D extends ServiceDefinition> = {
  readonly [R in keyof D['methods']]: (
    request: RequestOf<D['methods'][R]>,
    call: CallContext,
  ) => Promise<ResponseOf<D['methods'][R]>>;
};

/** The address and limits of a gRPC server. */
export type ServerConfig = {
  /** Address to bind, such as `127.0.0.1`. */
  readonly host: string;
  /** 0 lets the system choose one. */
  readonly port: number;
  /** Calls served at once; one more is RESOURCE_EXHAUSTED. */
  readonly maxConcurrentCalls: number;
  /** Age at which the server closes a connection so that the client opens a new one, in milliseconds; 0: never. */
  readonly maxConnectionAgeMs: number;
  /** Longest wait for calls in flight when it closes, in milliseconds. */
  readonly drainLimitMs: number;
};

/** Options of a gRPC server. */
export type GrpcServerOptions<D extends ServiceDefinition> = {
  readonly definition: D;
  readonly handlers: Handlers<D>;
  /** Path below `protos`, for reflection. */
  readonly protoFile: string;
  readonly config: ServerConfig;
  readonly runtime: Runtime;
  /** Deadline of a call that has none, in milliseconds. */
  readonly defaultDeadlineMs: number;
};

/** A gRPC server that listens. Disposing it lets the calls in flight finish, within the drain limit. */
export type GrpcServer = RunningService & {
  /** Sets the readiness that the health check reports. A server is ready when it starts. */
  readonly setReady: (ready: boolean) => void;
};

/** The health of this name is SERVING while the process runs, ready or not. */
export const LIVENESS = 'liveness';

const MAX_REQUEST_BYTES = 1024 * 1024;
const LAST_RESPONSE_MS = 250;

/**
 * Starts a server of one service, with health checking (Check and Watch) and reflection.
 *
 * @throws {Error} `cannot listen on <address>: <why>` when the address is taken or is not an address of this machine
 */
export async function startGrpcServer<D extends ServiceDefinition>(options: GrpcServerOptions<D>): Promise<GrpcServer> {
  const { definition, config, runtime } = options;
  const serviceName = definition.fullName;
  const inFlight = inFlightLimit(config.maxConcurrentCalls);
  const server = new Server({
    'grpc.max_receive_message_length': MAX_REQUEST_BYTES,
    ...(config.maxConnectionAgeMs > 0
      ? { 'grpc.max_connection_age_ms': config.maxConnectionAgeMs, 'grpc.max_connection_age_grace_ms': 30_000 }
      : {}),
  });
  const deps = {
    log: runtime.log,
    tracer: runtime.tracer,
    newId: runtime.newId,
    domain: `${runtime.service}.mercato`,
    inFlight,
    measure: serverCallMetrics(runtime.metrics, {
      definition,
      inFlight,
      maxConcurrentCalls: config.maxConcurrentCalls,
    }),
    defaultDeadlineMs: options.defaultDeadlineMs,
  };
  const implementation: UntypedServiceImplementation = {};
  const wireDefinition: Record<string, WireMethod> = {};
  const methods: Readonly<Record<string, WireMethod>> = wireMethods(definition);
  for (const [name, handler] of Object.entries<Handlers<D>[keyof Handlers<D>]>(options.handlers)) {
    const method = methods[name];
    if (method === undefined) throw new Error(`no such RPC: ${name}`);
    wireDefinition[name] = {
      ...method,
      requestDeserialize: decoderOf(method),
      // Already encoded by the steps.
      responseSerialize: (bytes) => bytes as Buffer,
    };
    implementation[name] = unaryHandler(method, handler, deps);
  }
  server.addService(wireDefinition as never, implementation);
  const health = new HealthImplementation();
  let draining = false;
  const setReady = (ready: boolean): void => {
    const word = ready && !draining ? 'SERVING' : 'NOT_SERVING';
    health.setStatus('', word);
    health.setStatus(serviceName, word);
  };
  // Readiness follows the dependencies of the service; liveness does not, so that an outage of a dependency restarts no process.
  health.setStatus(LIVENESS, 'SERVING');
  setReady(true);
  health.addToServer(server);
  addReflection(server, options.protoFile);
  const port = await listen(server, config);
  const startDraining = (): void => {
    draining = true;
    setReady(false);
  };
  return {
    address: hostPort(config.host, port),
    setReady,
    startDraining,
    [Symbol.asyncDispose]: async () => {
      startDraining();
      await drain(server, inFlight, config.drainLimitMs);
    },
  };
}

// Waits for unary calls only: streams of health watchers never end by themselves. Then the last responses have
// LAST_RESPONSE_MS to be written.
async function drain(server: Server, inFlight: InFlight, limitMs: number): Promise<void> {
  const endsAt = performance.now() + limitMs;
  const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
  await withTimeLimit(limitMs, inFlight.idle());
  await withTimeLimit(LAST_RESPONSE_MS, closed);
  // tryShutdown still accepts calls whose headers had arrived; wait for those too.
  if (inFlight.running() > 0) {
    await withTimeLimit(endsAt - performance.now(), inFlight.idle());
    await withTimeLimit(LAST_RESPONSE_MS, closed);
  }
  server.forceShutdown();
}
