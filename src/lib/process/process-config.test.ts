import { z } from 'zod';
import { port, readVariables } from '../config/config.ts';
import { commonVariables, processConfig, serverConfig, serverVariables } from './process-config.ts';

describe('the configuration of every service', () => {
  it('has defaults for every variable except PORT', () => {
    const values = readVariables(z.object({ ...serverVariables, PORT: port().default(7070) }), {});
    expect(serverConfig(values)).toEqual({
      host: '0.0.0.0',
      port: 7070,
      maxConcurrentCalls: 200,
      maxConnectionAgeMs: 60_000,
      drainLimitMs: 6500,
    });
    expect(processConfig(values)).toEqual({
      logLevel: 'info',
      metrics: { host: '0.0.0.0', port: 9464 },
      shutdown: { delayMs: 0, limitMs: 10_000 },
      tracing: expect.objectContaining({ exporter: 'otlp', ratio: 1 }),
    });
  });

  it('derives the drain limit from the delay and the limit of a shutdown', () => {
    const env = { SHUTDOWN_DELAY_MS: '2000', SHUTDOWN_LIMIT_MS: '25000' };
    const values = readVariables(z.object({ ...serverVariables, PORT: port().default(7070) }), env);
    expect(serverConfig(values).drainLimitMs).toBe(19_500);
  });

  it('ignores unknown variables', () => {
    const values = readVariables(z.object(commonVariables), { PATH: '/bin', LOG_LEVEL: 'warn' });
    expect(Object.keys(commonVariables)).toEqual(expect.arrayContaining(Object.keys(values)));
    expect(values.LOG_LEVEL).toBe('warn');
  });
});
