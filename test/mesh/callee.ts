import { definitions } from '../../src/contract.ts';
import { DomainError } from '../../src/lib/errors.ts';
import { type CallContext, remainingMs } from '../../src/lib/grpc/call-context.ts';
import type { ServiceDefinition } from '../../src/lib/grpc/definition.ts';
import { type Handlers, startGrpcServer } from '../../src/lib/grpc/server.ts';
import { TEST_SERVER } from '../../src/lib/testing/test-client.ts';
import { testRuntime } from '../../src/lib/testing/test-runtime.ts';
import { type GrpcServiceName, topology } from '../../src/topology.ts';

/** One attempt of a call, as it reached the service. */
export type Attempt = {
  readonly rpc: string;
  /** When, in milliseconds of `performance.now()`. */
  readonly atMs: number;
  /** How long it might take, in milliseconds: its deadline, or what the service gives a call without one. */
  readonly budgetMs: number;
};

/** A real gRPC server in the place of a service, that counts what reaches it. */
export type Callee = AsyncDisposable & {
  /** `host:port`. */
  readonly address: string;
  readonly attempts: readonly Attempt[];
};

/** What a callee does with a call: fails by throwing, or else answers nothing much. */
export type Answer = (call: CallContext) => Promise<void>;

/** A call without a deadline gets this one, in milliseconds: longer than any timeout of the mesh. */
export const UNLIMITED_MS = 60_000;

/** Starts a server in the place of a service, all of whose RPCs do the same. */
export async function startCallee(service: GrpcServiceName, answer: Answer): Promise<Callee> {
  const attempts: Attempt[] = [];
  const definition: ServiceDefinition = definitions[service];
  const handlers = Object.entries(definition.methods).map(([name, { name: rpc, responseType }]) => {
    const handle = async (_request: unknown, call: CallContext): Promise<unknown> => {
      attempts.push({ rpc, atMs: performance.now(), budgetMs: remainingMs(call) });
      await answer(call);
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

/** Answers at once. */
export const isWell: Answer = async () => {};

/** Says that the service is away, as each of ours does when something it needs is. */
export const isAway: Answer = async () => {
  throw new DomainError('unavailable', 'UPSTREAM_UNAVAILABLE', 'away, try again later');
};

/** Answers when nobody waits any more. */
export const hangs: Answer = async ({ signal }) => {
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
};

/** Full path of an RPC, as it is on the wire. */
export function pathOf(service: GrpcServiceName, rpc: string): string {
  return `/${topology[service].grpcService}/${rpc}`;
}
