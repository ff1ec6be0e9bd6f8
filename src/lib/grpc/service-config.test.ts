import { validateServiceConfig } from '@grpc/grpc-js/build/src/service-config';
import { CartServiceDefinition } from '../../genproto/hipstershop/cart.ts';
import { RETRY_BUDGET, serviceConfig } from './service-config.ts';

describe('serviceConfig', () => {
  it('is accepted by grpc-js and retries only the reads of the contract', () => {
    const config = validateServiceConfig(serviceConfig(CartServiceDefinition, { retries: true }));
    expect(config.loadBalancingConfig).toEqual([{ round_robin: {} }]);
    expect(config.methodConfig).toHaveLength(1);
    expect(config.methodConfig[0]).toMatchObject({
      name: [{ service: 'hipstershop.CartService', method: 'GetCart' }],
      retryPolicy: { maxAttempts: 3, initialBackoff: '0.05s', maxBackoff: '0.5s', backoffMultiplier: 2 },
    });
    expect(config.retryThrottling).toEqual(RETRY_BUDGET);
  });

  it('retries nothing where a mesh retries', () => {
    expect(validateServiceConfig(serviceConfig(CartServiceDefinition, { retries: false })).methodConfig).toEqual([]);
  });
});
