import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { definitions } from '../contract.ts';
import type { CallContext } from '../lib/grpc/call-context.ts';
import type { ServiceDefinition } from '../lib/grpc/definition.ts';
import { type Handlers, startGrpcServer } from '../lib/grpc/server.ts';
import { TEST_SERVER } from '../lib/testing/test-client.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import { topology, upstreamsOf } from '../topology.ts';
import { type ShopHandlers, smallShop } from './small-shop.testing.ts';

type RpcName = keyof ShopHandlers;

/** A call that the frontend made. */
export type SeenCall = {
  readonly rpc: RpcName;
  readonly request: unknown;
  readonly call: CallContext;
  /** Time of arrival, in milliseconds since 1970. */
  readonly atMs: number;
};

/** The seven upstreams of the frontend, as gRPC servers on loopback whose behaviour a test controls. */
export type FakeShop = AsyncDisposable & {
  /** The addresses of the upstreams, by the environment variables of the frontend. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Every call since the last reset, in the order of arrival. */
  readonly calls: readonly SeenCall[];
  /** Replaces the handlers of RPCs. */
  readonly respondWith: (overrides: Partial<ShopHandlers>) => void;
  /** Makes RPCs fail with the error. */
  readonly fail: (error: Error, ...rpcs: readonly RpcName[]) => void;
  /** Makes RPCs hang; each ends when its caller cancels it or its deadline passes. */
  readonly hang: (...rpcs: readonly RpcName[]) => void;
  /** Restores the handlers, forgets the calls, empties all carts and removes all orders. */
  readonly reset: () => void;
};

/** The RPCs that the original protocol does not have. */
export const EXTENSIONS: readonly RpcName[] = ['batchConvert', 'batchGetProducts', 'getOrder', 'listOrders'];

/**
 * Starts the seven upstreams with the data of `smallShop`.
 *
 * @param options.lacks RPCs that the upstreams do not implement
 */
export async function startFakeShop(options: { lacks?: readonly RpcName[] } = {}): Promise<FakeShop> {
  const calls: SeenCall[] = [];
  let shop = smallShop();
  let overrides: Partial<Record<RpcName, Handler>> = {};
  const scripted = (rpc: RpcName): Handler => {
    return async (request, call) => {
      calls.push({ rpc, request, call, atMs: Date.now() });
      return await (overrides[rpc] ?? (shop[rpc] as Handler))(request, call);
    };
  };
  const servers = await Promise.all(
    upstreamsOf('frontend').map(async (name) => {
      const definition: ServiceDefinition = definitions[name];
      const rpcs = Object.keys(definition.methods) as RpcName[];
      const handlers = Object.fromEntries(
        rpcs.filter((rpc) => !options.lacks?.includes(rpc)).map((rpc) => [rpc, scripted(rpc)]),
      );
      const server = await startGrpcServer({
        definition,
        handlers: handlers as unknown as Handlers<ServiceDefinition>,
        protoFile: topology[name].protoFile,
        config: { ...TEST_SERVER, drainLimitMs: 0 },
        runtime: testRuntime({ service: name }),
        defaultDeadlineMs: 600_000,
      });
      return { server, variable: topology[name].addressVariable };
    }),
  );
  const override = (rpcs: readonly RpcName[], handler: Handler): void => {
    overrides = { ...overrides, ...Object.fromEntries(rpcs.map((rpc) => [rpc, handler])) };
  };
  return {
    addresses: Object.fromEntries(servers.map(({ server, variable }) => [variable, server.address])),
    calls,
    respondWith: (handlers) => {
      overrides = { ...overrides, ...(handlers as Partial<Record<RpcName, Handler>>) };
    },
    fail: (error, ...rpcs) => override(rpcs, () => Promise.reject(error)),
    hang: (...rpcs) => override(rpcs, never),
    reset: () => {
      calls.length = 0;
      shop = smallShop();
      overrides = {};
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(servers.map(({ server }) => server[Symbol.asyncDispose]()));
    },
  };
}

type Handler = (request: unknown, call: CallContext) => Promise<unknown>;

async function never(_request: unknown, call: CallContext): Promise<never> {
  return await new Promise((_resolve, reject) => {
    call.signal.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError')));
  });
}

/** An upstream that accepts connections and never responds. */
export async function startSilentUpstream(): Promise<AsyncDisposable & { readonly address: string }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return {
    address: `127.0.0.1:${bound.port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
