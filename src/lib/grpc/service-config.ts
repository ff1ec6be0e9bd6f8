import type { ServiceConfig } from '@grpc/grpc-js';

/**
 * How a channel treats its peer: calls go round robin over every address found, and reads are retried on UNAVAILABLE
 * at most twice. Writes are never retried here: they carry keys, and the one who owns the key repeats them.
 *
 * @param serviceName full name, such as `hipstershop.CartService`
 * @param retriedRpcs names of the RPCs that only read; empty where a mesh retries
 */
export function serviceConfig(serviceName: string, retriedRpcs: readonly string[]): ServiceConfig {
  const methodConfig = retriedRpcs.map((method) => ({
    name: [{ service: serviceName, method }],
    retryPolicy: {
      maxAttempts: 3,
      initialBackoff: '0.05s',
      maxBackoff: '0.5s',
      backoffMultiplier: 2,
      retryableStatusCodes: ['UNAVAILABLE'],
    },
  }));
  return {
    loadBalancingConfig: [{ round_robin: {} }] as unknown as ServiceConfig['loadBalancingConfig'],
    methodConfig,
    // Retries stop when more than a tenth of the calls fail: an outage is not to be answered with three times the load.
    retryThrottling: { maxTokens: 10, tokenRatio: 0.1 },
  } as ServiceConfig;
}
