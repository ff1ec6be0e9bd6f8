import { status } from '@grpc/grpc-js';
import { beginCall, type CallContext } from '../grpc/call-context.ts';
import { connectUpstream, type UpstreamCalls } from '../grpc/client.ts';
import type { RequestOf, ResponseOf, ServiceDefinition } from '../grpc/definition.ts';
import type { ServerConfig } from '../grpc/server.ts';
import { UpstreamError } from '../grpc/upstream-error.ts';

/** The configuration of test servers: loopback, a port that the system chooses. */
export const TEST_SERVER: ServerConfig = {
  host: '127.0.0.1',
  port: 0,
  maxConcurrentCalls: 200,
  maxConnectionAgeMs: 0,
  drainLimitMs: 30_000,
};

// It only ends a call that hangs.
const CALL_LIMIT_MS = 30_000;

/** The RPCs of a running service. */
export type TestClient<D extends ServiceDefinition> = Disposable & {
  readonly [R in keyof D['methods']]: (request: RequestOf<D['methods'][R]>) => Promise<ResponseOf<D['methods'][R]>>;
};

/** Connects a test to a running service. */
export function testClient<D extends ServiceDefinition>(definition: D, address: string): TestClient<D> {
  const upstream = connectUpstream(definition, { to: 'subject', address });
  const calls = Object.keys(definition.methods).map((name) => {
    const rpc = (upstream.calls as UpstreamCalls<ServiceDefinition>)[name];
    const call = async (request: never): Promise<unknown> => {
      using context = testCall();
      return await rpc?.(request, context);
    };
    return [name, call];
  });
  return { ...Object.fromEntries(calls), [Symbol.dispose]: upstream[Symbol.dispose] } as TestClient<D>;
}

/** The context of a call made by a test. */
export function testCall(budgetMs = CALL_LIMIT_MS): CallContext & Disposable {
  return beginCall({ budgetMs, requestId: 'test' });
}

/** Status and reason of a failed call, such as `INVALID_ARGUMENT USER_ID_INVALID`; `OK` when the call did not fail. */
export async function failureOfCall(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'OK';
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const code = status[error.code] ?? String(error.code);
    return error.sentReason === undefined ? code : `${code} ${error.sentReason}`;
  }
}
