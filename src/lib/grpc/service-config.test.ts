import { validateServiceConfig } from '@grpc/grpc-js/build/src/service-config';
import { serviceConfig } from './service-config.ts';

describe('serviceConfig', () => {
  it('is one that grpc-js takes, with the reads and nothing else retried', () => {
    const config = validateServiceConfig(serviceConfig('hipstershop.CartService', ['GetCart']));
    expect(config.loadBalancingConfig).toEqual([{ round_robin: {} }]);
    expect(config.methodConfig).toHaveLength(1);
    expect(config.methodConfig[0]).toMatchObject({
      name: [{ service: 'hipstershop.CartService', method: 'GetCart' }],
      retryPolicy: { maxAttempts: 3, initialBackoff: '0.05s', maxBackoff: '0.5s', backoffMultiplier: 2 },
    });
    expect(config.retryThrottling).toEqual({ maxTokens: 10, tokenRatio: 0.1 });
  });

  it('retries nothing where nothing may be', () => {
    expect(validateServiceConfig(serviceConfig('hipstershop.PaymentService', [])).methodConfig).toEqual([]);
  });
});
