import { readConfig } from './config.ts';

describe('the configuration of the product catalogue', () => {
  it('listens on 3550 and adds no latency by default', () => {
    const config = readConfig({ EXTRA_LATENCY: '' });
    expect(config.server.port).toBe(3550);
    expect(config.extraLatencyMs).toBe(0);
  });

  it.each([
    ['300ms', 300],
    ['1.5s', 1500],
    ['1m', 60_000],
    ['0', 0],
  ])('reads a latency of %s', (text, ms) => {
    expect(readConfig({ EXTRA_LATENCY: text }).extraLatencyMs).toBe(ms);
  });

  it.each(['61s', '300', '-1s', 'soon'])('refuses a latency of %s', (text) => {
    expect(() => readConfig({ EXTRA_LATENCY: text })).toThrow(`EXTRA_LATENCY=${text}: expected a duration`);
  });
});
