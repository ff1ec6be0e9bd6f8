import type { ServiceConfig } from '@grpc/grpc-js';
import { isRead, type ServiceDefinition } from './definition.ts';

/**
 * The retry budget of a channel (gRPC retry throttling). A failed attempt costs one token, a success earns a tenth, and
 * retries stop at half of the tokens: during an outage they would triple the load. The first 49 failures in a row are
 * retried, because a replica that dies fails all its calls in flight at once.
 */
export const RETRY_BUDGET = { maxTokens: 100, tokenRatio: 0.1 };

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
    retryThrottling: RETRY_BUDGET,
  } as ServiceConfig;
}
