import { Client, credentials, Server, type ServiceError, status } from '@grpc/grpc-js';
import { rpcKinds } from '../../src/contract.ts';
import { hostPort, LOOPBACK, listen } from '../../src/lib/net/listen.ts';
import { topology } from '../../src/topology.ts';
import type { UpstreamProxy } from '../integration/upstream-proxy.ts';
import type { Victim } from './cells.ts';
import type { Replica } from './replicas.ts';

/** A status other than OK, or the bytes of a response. */
export type Answer =
  | { readonly failure: { readonly code: number; readonly details: string } }
  | { readonly response: Buffer };

/** A call that arrived at the proxy. */
export type ProxiedCall = {
  readonly rpc: string;
  readonly request: Buffer;
  /** Port of the caller's end of the connection. */
  readonly callerPort: number;
  /** The replica that the call is for. */
  readonly replica: Replica;
  /** Sends the call to the replica. */
  readonly forward: () => Promise<Answer>;
};

/** Handles a call; `undefined` leaves it without an answer. */
export type HandleCall = (call: ProxiedCall) => Promise<Answer | undefined>;

type BytesCall = {
  readonly request: Buffer;
  readonly getPeer: () => string;
  readonly getDeadline: () => number | Date;
};
type Callback = (failure: { code: number; details: string } | null, response?: Buffer) => void;

const identity = (bytes: Buffer): Buffer => bytes;

/** Starts a proxy between checkoutservice and the replicas of a service, which sends calls to them in turn. */
export async function startCallProxy(
  service: Victim,
  replicas: readonly Replica[],
  handleCall: HandleCall,
): Promise<UpstreamProxy> {
  const clients = new Map(
    replicas.map((replica) => [replica, new Client(replica.address, credentials.createInsecure())]),
  );
  let turns = 0;
  const nextReplica = (): Replica => {
    turns += 1;
    const up = replicas.filter((replica) => replica.isUp());
    const among = up.length > 0 ? up : replicas;
    return among[turns % among.length] as Replica;
  };
  const server = new Server();
  for (const rpc of Object.keys(rpcKinds(service))) {
    const path = `/${topology[service].grpcService}/${rpc}`;
    const handle = (call: BytesCall, callback: Callback): void => {
      const replica = nextReplica();
      const forward = async (): Promise<Answer> =>
        await new Promise((resolve) => {
          const done = (failure: ServiceError | null, response?: Buffer): void =>
            resolve(failure === null ? { response: response ?? Buffer.alloc(0) } : { failure });
          const options = { deadline: call.getDeadline() };
          clients.get(replica)?.makeUnaryRequest(path, identity, identity, call.request, options, done);
        });
      const callerPort = Number(call.getPeer().split(':').at(-1));
      void handleCall({ rpc, request: call.request, callerPort, replica, forward }).then(
        (answer) => {
          if (answer === undefined) return;
          if ('response' in answer) callback(null, answer.response);
          else callback(answer.failure);
        },
        (error: unknown) => callback({ code: status.INTERNAL, details: String(error) }),
      );
    };
    server.register(path, handle as never, identity, identity, 'unary');
  }
  const port = await listen(server, { host: LOOPBACK, port: 0 });
  return {
    address: hostPort(LOOPBACK, port),
    [Symbol.asyncDispose]: async () => {
      server.forceShutdown();
      for (const client of clients.values()) client.close();
    },
  };
}
