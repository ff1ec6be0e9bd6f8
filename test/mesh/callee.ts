import { definitions } from '../../src/contract.ts';
import { DomainError } from '../../src/lib/errors.ts';
import { type CallContext, remainingMs } from '../../src/lib/grpc/call-context.ts';
import type { ServiceDefinition } from '../../src/lib/grpc/definition.ts';
import { type Handlers, startGrpcServer } from '../../src/lib/grpc/server.ts';
import { TEST_SERVER } from '../../src/lib/testing/test-client.ts';
import { testRuntime } from '../../src/lib/testing/test-runtime.ts';
import { type GrpcServiceName, topology } from '../../src/topology.ts';

/** One attempt of a call that reached the service. */
export type Attempt = {
  readonly rpc: string;
  /** Milliseconds of `performance.now()`. */
  readonly atMs: number;
  /** Milliseconds until its deadline, or until the default deadline of the service. */
  readonly budgetMs: number;
};

/** A real gRPC server in place of a service; it records the attempts that reach it. */
export type Callee = AsyncDisposable & {
  /** `host:port`. */
  readonly address: string;
  readonly attempts: readonly Attempt[];
};

/** How a callee answers: it throws an error, or returns for an empty response. */
export type Behaviour = (call: CallContext) => Promise<void>;

/** The default deadline in milliseconds: longer than any timeout of the mesh. */
export const UNLIMITED_MS = 60_000;

/** Starts a server in place of a service. All of its RPCs answer in the same way. */
export async function startCallee(service: GrpcServiceName, response: Behaviour): Promise<Callee> {
  const attempts: Attempt[] = [];
  const definition: ServiceDefinition = definitions[service];
  const handlers = Object.entries(definition.methods).map(([name, { name: rpc, responseType }]) => {
    const handle = async (_request: unknown, call: CallContext): Promise<unknown> => {
      attempts.push({ rpc, atMs: performance.now(), budgetMs: remainingMs(call) });
      await response(call);
      return responseType.decode(Buffer.alloc(0));
    };
    return [name, handle];
  });
  const server = await startGrpcServer({
    definition,
    handlers: Object.fromEntries(handlers) as Handlers<ServiceDefinition>,
    protoFile: topology[service].protoFile,
    config: { ...TEST_SERVER, drainLimitMs: 0 },
    defaultDeadlineMs: UNLIMITED_MS,
    runtime: testRuntime({ service }),
  });
  return { address: server.address, attempts, [Symbol.asyncDispose]: server[Symbol.asyncDispose] };
}

/** Answers immediately. */
export const returnsOk: Behaviour = async () => {};

/** Returns UNAVAILABLE, as a service does when an upstream that it needs is unavailable. */
export const isUnavailable: Behaviour = async () => {
  throw new DomainError('unavailable', 'UPSTREAM_UNAVAILABLE', 'unavailable, try again later');
};

/** Does not answer before the call is cancelled or its deadline passes. */
export const hangs: Behaviour = async ({ signal }) => {
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
};

/** The HTTP/2 path of an RPC. */
export function pathOf(service: GrpcServiceName, rpc: string): string {
  return `/${topology[service].grpcService}/${rpc}`;
}
