import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy in front of a server, which can lose responses. */
export type TcpProxy = AsyncDisposable & {
  /** `host:port`. */
  readonly address: string;
  /** From now on requests reach the server, but no response reaches a client. */
  readonly holdResponses: () => void;
  /** Ends `holdResponses`, for connections that are opened later. */
  readonly passResponses: () => void;
  /** Closes every connection; what was held is lost. */
  readonly reset: () => void;
  /** From now on new connections reach another server, at `host:port`. */
  readonly forwardTo: (target: string) => void;
  /** From now on connections are refused. */
  readonly refuse: () => Promise<void>;
  /** Ends `refuse`. */
  readonly accept: () => Promise<void>;
};

/**
 * Starts a proxy on loopback.
 *
 * @param target `host:port` of the server
 */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  let current = target;
  const sockets = new Set<Socket>();
  let isHolding = false;
  const server = createServer((client) => {
    const colon = current.lastIndexOf(':');
    const upstream = connect(Number(current.slice(colon + 1)), current.slice(0, colon));
    const pair = [client, upstream];
    for (const socket of pair) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        sockets.delete(socket);
        for (const one of pair) one.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (chunk) => {
      if (!isHolding) client.write(chunk);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const reset = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const refuse = async (): Promise<void> => {
    reset();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  return {
    address: `127.0.0.1:${address.port}`,
    forwardTo: (other) => {
      current = other;
    },
    refuse,
    accept: async () => {
      server.listen(address.port, '127.0.0.1');
      await once(server, 'listening');
    },
    holdResponses: () => {
      isHolding = true;
    },
    passResponses: () => {
      isHolding = false;
    },
    reset,
    [Symbol.asyncDispose]: refuse,
  };
}
