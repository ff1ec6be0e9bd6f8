import type { ServiceConfig } from '@grpc/grpc-js';
import { isRead, type ServiceDefinition } from './definition.ts';

/**
 * How a channel balances and retries: calls go round robin over every resolved address, and a read is retried on
 * UNAVAILABLE at most twice. Which RPC is a read is its `idempotency_level` in the contract. A write is never retried
 * here: it carries an idempotency key, and the owner of the key repeats it.
 *
 * @param options.retries false where a mesh retries
 */
export function serviceConfig(definition: ServiceDefinition, options: { retries: boolean }): ServiceConfig {
  const retried = options.retries ? Object.values(definition.methods).filter(isRead) : [];
  const methodConfig = retried.map(({ name: method }) => ({
    name: [{ service: definition.fullName, method }],
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
    // Retries stop when more than a tenth of the calls fail: during an outage they would triple the load.
    retryThrottling: { maxTokens: 10, tokenRatio: 0.1 },
  } as ServiceConfig;
}
