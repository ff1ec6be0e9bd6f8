import { status } from '@grpc/grpc-js';
import { frame, rawUnary } from '../../src/lib/testing/raw-call.ts';

/**
 * Calls an RPC with an empty request. The client neither retries nor has a deadline, so the proxy or the service ends the
 * call. Returns the name of the status.
 *
 * @param headers such as `grpc-timeout`; without it the call has no deadline
 */
export async function bareCall(address: string, path: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await rawUnary(address, path, { body: frame(new Uint8Array()), headers });
  const code = Number(response.headers['grpc-status'] ?? response.trailers['grpc-status']);
  return status[code] ?? `HTTP ${String(response.headers[':status'])}, without a status of gRPC`;
}
