import { readConfig } from './config.ts';

const FRONTEND_ADDR = 'frontend:80';

describe('the configuration of the load generator', () => {
  it('defaults to ten users, one more per second, without a time limit', () => {
    expect(readConfig({ FRONTEND_ADDR })).toMatchObject({
      frontendAddress: 'frontend:80',
      users: 10,
      rate: 1,
      durationMs: undefined,
      maxStartupWaitMs: undefined,
      pagesPerSecond: undefined,
      waitScale: 1,
      thresholds: { maxErrorRatio: 0.01, maxP95Ms: undefined },
      reportFile: undefined,
    });
  });

  it('reads decimal fractions, the duration, the page rate and the thresholds', () => {
    const env = {
      FRONTEND_ADDR,
      RATE: '0.5',
      SECONDS: '60',
      PAGES_PER_SECOND: '12.5',
      WAIT_SCALE: '0',
      MAX_ERROR_RATIO: '0',
      MAX_P95_MS: '250',
      REPORT_FILE: 'var/load.json',
    };
    expect(readConfig(env)).toMatchObject({
      rate: 0.5,
      durationMs: 60_000,
      maxStartupWaitMs: 60_000,
      pagesPerSecond: 12.5,
      waitScale: 0,
      thresholds: { maxErrorRatio: 0, maxP95Ms: 250 },
      reportFile: 'var/load.json',
    });
  });

  it('waits up to 30 s for the storefront, even when the run is shorter', () => {
    expect(readConfig({ FRONTEND_ADDR, SECONDS: '1' }).maxStartupWaitMs).toBe(30_000);
  });

  it('requires FRONTEND_ADDR', () => {
    expect(() => readConfig({})).toThrow('FRONTEND_ADDR is missing: expected host:port');
  });

  it.each([
    ['FRONTEND_ADDR', 'http://frontend'],
    ['USERS', '0'],
    ['USERS', '10001'],
    ['RATE', '0'],
    ['RATE', '1e3'],
    ['RATE', '-1'],
    ['SECONDS', '1.5'],
    ['PAGES_PER_SECOND', '10001'],
    ['WAIT_SCALE', '.5'],
    ['MAX_ERROR_RATIO', '1.01'],
    ['MAX_P95_MS', 'fast'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => readConfig({ FRONTEND_ADDR, [name]: value })).toThrow(`${name}=${value}: expected`);
  });
});
