import { beginCall } from './call-context.ts';
import { connectPeer } from './client.ts';

// Check of grpc.health.v1, as far as it is asked here: names of services are short, and an answer is one field.
const HEALTH = {
  check: {
    path: '/grpc.health.v1.Health/Check',
    requestStream: false,
    responseStream: false,
    requestSerialize: ({ service }: { service: string }) =>
      Buffer.from(`\n${String.fromCharCode(service.length)}${service}`),
    requestDeserialize: (bytes: Buffer) => ({ service: bytes.toString('utf8', 2) }),
    responseSerialize: (response: { status: number }) => Buffer.from([0x08, response.status]),
    responseDeserialize: (bytes: Buffer) => ({ status: bytes[1] ?? 0 }),
  },
} as const;

/**
 * Asks a server whether it can do its work: `SERVING`, `NOT_SERVING` or `UNKNOWN`. Rejects with a PeerError when it does
 * not answer in time.
 *
 * @param address `host:port`
 * @param service what to ask about: a service, `liveness`, or nothing for the server as a whole
 */
export async function healthOf(address: string, budgetMs = 5000, service = ''): Promise<string> {
  using peer = connectPeer(HEALTH, { from: 'health', to: address, address, retriedRpcs: [] });
  using call = beginCall({ budgetMs, requestId: 'health' });
  const { status } = await peer.calls.check({ service }, call);
  return ['UNKNOWN', 'SERVING', 'NOT_SERVING'][status] ?? String(status);
}
