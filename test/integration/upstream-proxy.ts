import { Client, credentials, Metadata, type MethodDefinition, Server, type ServiceError, status } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { rpcKinds } from '../../src/contract.ts';
import { hostPort, LOOPBACK, listen } from '../../src/lib/net/listen.ts';
import { projectPath } from '../../src/lib/runtime/project-root.ts';
import type { ServiceName } from '../../src/topology.ts';
import { topology } from '../../src/topology.ts';

/** A proxy between a service and its callers, on loopback. */
export type UpstreamProxy = AsyncDisposable & { readonly address: string };

type BytesCall = { readonly request: Buffer; readonly getDeadline: () => number | Date };
type OriginalMethod = MethodDefinition<object, object>;

type Failure = { readonly code: number; readonly details: string; readonly metadata?: Metadata };
type Callback = (failure: Failure | null, response?: Buffer) => void;

const HEALTH_CHECK = '/grpc.health.v1.Health/Check';

const identity = (bytes: Buffer): Buffer => bytes;

/**
 * Reduces a service to the original protocol: the original RPCs, the original fields in both directions, and errors without
 * a reason. A declined card has status 400, as in the original.
 */
export async function originalProxy(service: ServiceName, target: string): Promise<UpstreamProxy> {
  const loaded = loadSync('original.proto', {
    includeDirs: [projectPath('test', 'contracts')],
    longs: String,
    defaults: true,
  });
  const { grpcService } = topology[service];
  const methods = Object.values(loaded[grpcService] as Record<string, OriginalMethod>);
  const strip = (serialize: (value: object) => Buffer, deserialize: (bytes: Buffer) => object) => (bytes: Buffer) =>
    serialize(deserialize(bytes));
  return await startProxy(target, methods, {
    request: (method) => strip(method.requestSerialize, method.requestDeserialize),
    response: (method) => strip(method.responseSerialize, method.responseDeserialize),
    failure: ({ code, details }) => {
      const isDecline = service === 'paymentservice' && code === status.FAILED_PRECONDITION;
      return { code: isDecline ? 400 : code, details, metadata: new Metadata() };
    },
  });
}

/**
 * The fate of a call:
 * - `none`: forwarded
 * - `lost-before`, `lost-after`: not forwarded, or forwarded with its response lost; ends as UNAVAILABLE
 * - `late`: forwarded; ends with the deadline of the caller
 * - `hangs`: not forwarded; ends with the deadline of the caller
 * - `twice`: forwarded twice; ends with the second response
 * - `refused`, `unimplemented`, `exhausted`: not forwarded; ends as FAILED_PRECONDITION, UNIMPLEMENTED, RESOURCE_EXHAUSTED
 */
export type Fault =
  | 'none'
  | 'lost-before'
  | 'lost-after'
  | 'late'
  | 'hangs'
  | 'twice'
  | 'refused'
  | 'unimplemented'
  | 'exhausted';

/** Forwards every call except those with a fault. */
export async function faultProxy(
  service: ServiceName,
  target: string,
  faultOf: (rpc: string) => Fault,
): Promise<UpstreamProxy> {
  const { grpcService } = topology[service];
  const methods = Object.keys(rpcKinds(service)).map((rpc) => ({ path: `/${grpcService}/${rpc}` }));
  return await startProxy(target, methods, {
    request: () => identity,
    response: () => identity,
    failure: (error) => error,
    faultOf: (path) => faultOf(path.slice(path.lastIndexOf('/') + 1)),
  });
}

const ENDINGS: Readonly<Partial<Record<Fault, Failure>>> = {
  'lost-before': { code: status.UNAVAILABLE, details: 'lost on the way' },
  refused: { code: status.FAILED_PRECONDITION, details: 'refused by the test' },
  unimplemented: { code: status.UNIMPLEMENTED, details: 'unimplemented by the test' },
  exhausted: { code: status.RESOURCE_EXHAUSTED, details: 'exhausted by the test' },
};

async function startProxy<M extends { path: string }>(
  target: string,
  methods: readonly M[],
  change: {
    request: (method: M) => (bytes: Buffer) => Buffer;
    response: (method: M) => (bytes: Buffer) => Buffer;
    failure: (error: ServiceError) => Failure;
    faultOf?: (path: string) => Fault;
  },
): Promise<UpstreamProxy> {
  const client = new Client(target, credentials.createInsecure());
  const server = new Server();
  const forward = (path: string) => (call: BytesCall, callback: Callback) => {
    client.makeUnaryRequest(
      path,
      identity,
      identity,
      call.request,
      { deadline: call.getDeadline() },
      callback as never,
    );
  };
  server.register(HEALTH_CHECK, forward(HEALTH_CHECK) as never, identity, identity, 'unary');
  for (const method of methods) {
    const handle = (call: BytesCall, callback: Callback): void => {
      const fault = change.faultOf?.(method.path) ?? 'none';
      const ending = ENDINGS[fault];
      if (ending !== undefined) callback(ending);
      if (ending !== undefined || fault === 'hangs') return;
      const send = forward(method.path);
      const respond: Callback = (failure, response) => {
        if (fault === 'late') return;
        if (fault === 'lost-after') callback(ENDINGS['lost-before'] ?? null);
        else if (failure === null) callback(null, response);
        else callback(change.failure(failure as ServiceError));
      };
      if (fault === 'twice') send(call, () => send(call, respond));
      else send(call, respond);
    };
    server.register(method.path, handle as never, change.response(method), change.request(method), 'unary');
  }
  const port = await listen(server, { host: LOOPBACK, port: 0 });
  return {
    address: hostPort(LOOPBACK, port),
    [Symbol.asyncDispose]: async () => {
      server.forceShutdown();
      client.close();
    },
  };
}
