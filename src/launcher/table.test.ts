import type { CheckedInstance } from '../console/health.ts';
import { openingText, serviceRows } from './table.ts';

const instances: CheckedInstance[] = [
  { service: 'cartservice', address: '127.0.0.1:40002', metrics: '127.0.0.1:40012', health: 'not ready' },
  { service: 'frontend', address: '127.0.0.1:8080', metrics: '127.0.0.1:40010', health: 'ready' },
  { service: 'frontend', address: '127.0.0.1:40001', metrics: '127.0.0.1:40011', health: 'not answering' },
];

describe('the table of services', () => {
  it('has a row per process in the order of the topology, with its readiness', () => {
    const rows = serviceRows(instances, { REDIS_ADDR: 'localhost:6379' });
    expect(rows.slice(0, 3).map(({ address, state }) => [address, state])).toEqual([
      ['127.0.0.1:8080', 'ready'],
      ['127.0.0.1:40001', 'not answering'],
      ['127.0.0.1:40002', 'not ready, carts in Redis at localhost:6379'],
    ]);
    expect(serviceRows(instances, {})[2]?.state).toBe('not ready, carts in files');
    expect(rows).toContainEqual({
      service: 'loadgenerator',
      address: '-',
      metrics: '-',
      state: 'not started: make load',
    });
  });

  it('ends with the process that runs all services, if there is one', () => {
    const launcher = { service: 'launcher', address: '-', metrics: '127.0.0.1:40020', health: 'ready' } as const;
    expect(serviceRows([launcher, ...instances], {}).at(-1)).toEqual({
      service: 'launcher',
      address: '-',
      metrics: '127.0.0.1:40020',
      state: 'the process that runs all of them',
    });
  });

  it('is printed with the address of the shop and the key that stops it', () => {
    const text = openingText(serviceRows(instances, {}), {
      url: 'http://127.0.0.1:8080/',
      version: '1.2.3',
      console: 'http://127.0.0.1:8090/',
      mails: 'var/mail/',
      traces: 'off',
    });
    expect(text).toContain('Mercato 1.2.3');
    expect(text).toContain('Open   http://127.0.0.1:8080/');
    expect(text).toContain('Watch  http://127.0.0.1:8090/');
    expect(text).toContain('Traces off');
    expect(text).toContain('Stop   Ctrl-C');
    expect(text).toMatch(/^ {2}frontend +127\.0\.0\.1:8080 +127\.0\.0\.1:40010 +ready$/m);
  });
});
