import type { ServiceName } from '../topology.ts';
import { openingText, serviceRows } from './table.ts';

const addresses = new Map<ServiceName, string>([
  ['frontend', 'ipv4:127.0.0.1:8080,127.0.0.1:40001'],
  ['cartservice', '127.0.0.1:40002'],
]);

describe('the table of services', () => {
  it('has a row for every process, and says where the carts are', () => {
    const rows = serviceRows(addresses, { REDIS_ADDR: 'localhost:6379' });
    expect(rows.slice(0, 3)).toEqual([
      { service: 'frontend', address: '127.0.0.1:8080', state: 'ready' },
      { service: 'frontend', address: '127.0.0.1:40001', state: 'ready' },
      { service: 'cartservice', address: '127.0.0.1:40002', state: 'ready, carts in Redis at localhost:6379' },
    ]);
    expect(serviceRows(addresses, {})[2]?.state).toBe('ready, carts in memory');
    expect(rows.at(-1)).toEqual({ service: 'loadgenerator', address: '-', state: 'not started: make load' });
  });

  it('is printed with the address to open and the way to stop', () => {
    const text = openingText(serviceRows(addresses, {}), {
      url: 'http://127.0.0.1:8080/',
      version: '1.2.3',
      mails: 'var/mail/',
      traces: 'off',
    });
    expect(text).toContain('Mercato 1.2.3');
    expect(text).toContain('Open   http://127.0.0.1:8080/');
    expect(text).toContain('Traces off');
    expect(text).toContain('Stop   Ctrl-C');
    expect(text).toMatch(/^ {2}frontend +127\.0\.0\.1:8080 +ready$/m);
  });
});
