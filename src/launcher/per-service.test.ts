import { replicasOf } from './per-service.ts';

describe('the replicas of a service', () => {
  it('are REPLICAS many for a stateless service', () => {
    expect(replicasOf('frontend', { replicas: 3, env: {} })).toBe(3);
    expect(replicasOf('currencyservice', { replicas: 2, env: {} })).toBe(2);
  });

  it('are limited to one when the service stores its state in files', () => {
    expect(replicasOf('cartservice', { replicas: 2, env: {} })).toBe(1);
    expect(replicasOf('checkoutservice', { replicas: 2, env: {} })).toBe(1);
  });

  it('are REPLICAS many when the state of the service is in Redis', () => {
    expect(replicasOf('cartservice', { replicas: 2, env: { REDIS_ADDR: 'redis:6379' } })).toBe(2);
  });
});
