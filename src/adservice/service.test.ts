import { AdServiceDefinition } from '../genproto/hipstershop/ad.ts';
import type { RunningService } from '../lib/runtime/runtime.ts';
import { failureOfCall, type TestClient, testClient } from '../lib/testing/test-client.ts';
import { testRuntime } from '../lib/testing/test-runtime.ts';
import { readConfig } from './config.ts';
import { start } from './service.ts';

describe('the ad service', () => {
  let service: RunningService;
  let ads: TestClient<AdServiceDefinition>;

  beforeAll(async () => {
    const runtime = testRuntime({ service: 'adservice', randoms: [2, 5] });
    service = await start(readConfig({ HOST: '127.0.0.1', PORT: '0' }), runtime);
    ads = testClient(AdServiceDefinition, service.address);
  });

  afterAll(async () => {
    ads[Symbol.dispose]();
    await service[Symbol.asyncDispose]();
  });

  it('returns the text and the product page of each ad', async () => {
    const response = await ads.getAds({ contextKeys: ['kitchen'] });
    expect(response.ads.map(({ redirectUrl }) => redirectUrl)).toEqual(['/product/9SIQT8TOJO', '/product/6E92ZMYYFZ']);
    for (const { text } of response.ads) expect(text).toMatch(/^\S.{10,120}\S$/);
  });

  it('returns two random ads without context keys', async () => {
    const response = await ads.getAds({ contextKeys: [] });
    expect(response.ads.map(({ redirectUrl }) => redirectUrl)).toEqual(['/product/L9ECAV7KIM', '/product/6E92ZMYYFZ']);
  });

  it.each([
    ['101 keys', Array.from({ length: 101 }, () => 'kitchen')],
    ['a key of 129 characters', ['kitchen', 'x'.repeat(129)]],
    ['control characters', ['kit\u0000chen']],
  ])('refuses %s', async (_what, contextKeys) => {
    expect(await failureOfCall(ads.getAds({ contextKeys }))).toBe('INVALID_ARGUMENT CONTEXT_KEYS_INVALID');
  });

  it('accepts 100 keys of 128 characters', async () => {
    const contextKeys = [...Array.from({ length: 99 }, () => 'x'.repeat(128)), 'hair'];
    expect((await ads.getAds({ contextKeys })).ads).toHaveLength(1);
  });
});
