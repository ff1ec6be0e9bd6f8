import { readConfig } from './config.ts';

const FRONTEND_ADDR = 'frontend:80';

describe('the configuration of the load generator', () => {
  it('lets ten users come, one a second, and shop until it is stopped', () => {
    expect(readConfig({ FRONTEND_ADDR })).toMatchObject({
      frontendAddress: 'frontend:80',
      users: 10,
      rate: 1,
      durationMs: undefined,
      patienceMs: undefined,
      pagesPerSecond: undefined,
      waitScale: 1,
      thresholds: { maxErrorRatio: 0.01, maxP95Ms: undefined },
      reportFile: undefined,
    });
  });

  it('reads fractions, a length, a rate of pages and thresholds', () => {
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
      patienceMs: 60_000,
      pagesPerSecond: 12.5,
      waitScale: 0,
      thresholds: { maxErrorRatio: 0, maxP95Ms: 250 },
      reportFile: 'var/load.json',
    });
  });

  it('gives a shop half a minute to come up, however short the run', () => {
    expect(readConfig({ FRONTEND_ADDR, SECONDS: '1' }).patienceMs).toBe(30_000);
  });

  it('needs the address of the storefront', () => {
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
