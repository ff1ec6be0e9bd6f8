import { replicasOf } from './per-service.ts';

describe('the replicas of a service', () => {
  it('are as many as REPLICAS says for a service without state of its own', () => {
    expect(replicasOf('frontend', { replicas: 3, env: {} })).toBe(3);
    expect(replicasOf('currencyservice', { replicas: 2, env: {} })).toBe(2);
  });

  it('are one where it keeps its state in its own memory', () => {
    expect(replicasOf('cartservice', { replicas: 2, env: {} })).toBe(1);
    expect(replicasOf('checkoutservice', { replicas: 2, env: {} })).toBe(1);
  });

  it('are as many as asked for once its state is shared', () => {
    expect(replicasOf('cartservice', { replicas: 2, env: { REDIS_ADDR: 'redis:6379' } })).toBe(2);
  });
});
