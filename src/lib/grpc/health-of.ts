import { service as health } from 'grpc-health-check';
import { beginCall } from './call-context.ts';
import { connectMethods } from './client.ts';
import type { WireMethod } from './definition.ts';

const check = health.Check as unknown as WireMethod;

/**
 * Asks a server for its health: `SERVING`, `NOT_SERVING` or `UNKNOWN`. Rejects with an UpstreamError when the server does not
 * answer in time.
 *
 * @param address `host:port`
 * @param service full name of a service, `liveness`, or empty for the server as a whole
 */
export async function healthOf(address: string, budgetMs = 5000, service = ''): Promise<string> {
  using upstream = connectMethods(
    { check },
    { to: address, address, config: { loadBalancingConfig: [], methodConfig: [] } },
  );
  using call = beginCall({ budgetMs, requestId: 'health' });
  const { status } = (await upstream.calls.check({ service }, call)) as { readonly status: string };
  return status;
}
