import { type Health, settledHealth } from './health.ts';
import type { Instance } from './instance.ts';

const cart: Instance = { service: 'cartservice', address: '127.0.0.1:1', metrics: '127.0.0.1:2' };
const ads: Instance = { service: 'adservice', address: '127.0.0.1:3', metrics: '127.0.0.1:4' };

describe('the readiness of the instances', () => {
  it('is polled until every instance is ready', async () => {
    const responses: Health[] = ['not answering', 'not ready', 'ready'];
    let asked = 0;
    const check = async () => responses[asked++] ?? 'ready';
    expect(await settledHealth([cart], { limitMs: 60_000, check })).toEqual([{ ...cart, health: 'ready' }]);
    expect(asked).toBe(3);
  });

  it('is the last status of an instance that does not become ready within the limit', async () => {
    const check = async ({ service }: Instance): Promise<Health> => (service === 'adservice' ? 'ready' : 'not ready');
    expect(await settledHealth([cart, ads], { limitMs: 0, check })).toEqual([
      { ...cart, health: 'not ready' },
      { ...ads, health: 'ready' },
    ]);
  });

  it('is "not answering" where nothing listens', async () => {
    const [checked] = await settledHealth([cart], { limitMs: 0 });
    expect(checked?.health).toBe('not answering');
  });
});
