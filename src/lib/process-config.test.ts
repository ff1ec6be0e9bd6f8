import { z } from 'zod';
import { port, readConfig } from './config.ts';
import { commonVariables, processConfig, serverConfig, serverVariables } from './process-config.ts';

describe('what every service reads', () => {
  it('has defaults for all of it', () => {
    const values = readConfig(z.object({ ...serverVariables, PORT: port().default(7070) }), {});
    expect(serverConfig(values)).toEqual({
      host: '0.0.0.0',
      port: 7070,
      maxConcurrentCalls: 200,
      maxConnectionAgeMs: 60_000,
    });
    expect(processConfig(values)).toEqual({
      logLevel: 'info',
      metrics: { host: '0.0.0.0', port: 9464 },
      shutdown: { delayMs: 0, limitMs: 10_000 },
      tracing: expect.objectContaining({ exporter: 'otlp', ratio: 1 }),
    });
  });

  it('ignores variables it does not know', () => {
    const values = readConfig(z.object(commonVariables), { PATH: '/bin', LOG_LEVEL: 'warn' });
    expect(Object.keys(commonVariables)).toEqual(expect.arrayContaining(Object.keys(values)));
    expect(values.LOG_LEVEL).toBe('warn');
  });
});
