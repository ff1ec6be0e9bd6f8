import { testClient } from './test-client.ts';

// Check of grpc.health.v1, as far as a test asks: about the server as a whole, without a service name.
const HEALTH = {
  check: {
    path: '/grpc.health.v1.Health/Check',
    requestStream: false,
    responseStream: false,
    requestSerialize: (_request: object) => Buffer.alloc(0),
    requestDeserialize: (_bytes: Buffer) => ({}),
    responseSerialize: (response: { status: number }) => Buffer.from([0x08, response.status]),
    responseDeserialize: (bytes: Buffer) => ({ status: bytes[1] ?? 0 }),
  },
} as const;

/** What a running service answers to a health check: `SERVING`, `NOT_SERVING` or `UNKNOWN`. */
export async function healthOf(address: string): Promise<string> {
  using health = testClient(HEALTH, address);
  const { status } = await health.check({});
  return ['UNKNOWN', 'SERVING', 'NOT_SERVING'][status] ?? String(status);
}
