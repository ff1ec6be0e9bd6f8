import { createServer } from 'node:net';
import { ConfigError } from '../lib/config/config.ts';
import { cannotListen } from '../lib/net/listen.ts';
import { freePort } from '../lib/testing/free-port.ts';
import { portProblem, startProblem } from './port-check.ts';

const AT = { host: '127.0.0.1', variable: 'PORT' } as const;

describe('the port check', () => {
  it('finds no problem with a free port or with port 0', async () => {
    expect(await portProblem({ ...AT, port: await freePort() })).toBeUndefined();
    expect(await portProblem({ ...AT, port: 0 })).toBeUndefined();
  });

  it('names a port that is in use, and the variable that changes it', async () => {
    const port = await freePort();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    try {
      const problem = await portProblem({ ...AT, port });
      expect(problem).toContain(`Port ${port} is in use`);
      expect(problem).toContain(`make run PORT=${port + 1}`);
      expect(problem).not.toContain('\n');
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  it('reports an address that is not of this machine', async () => {
    expect(await portProblem({ ...AT, host: '192.0.2.1', port: 8080 })).toContain('Cannot listen on 192.0.2.1:8080');
  });
});

describe('the error text of a shop that does not start', () => {
  it('is the message without a stack trace for a configuration error or a port in use', () => {
    expect(startProblem(new ConfigError('PORT=x'))).toBe('PORT=x');
    const taken = Object.assign(new Error('bind EADDRINUSE'), { code: 'EADDRINUSE' });
    expect(startProblem(cannotListen('127.0.0.1:8080', taken))).toBe(
      'cannot listen on 127.0.0.1:8080: bind EADDRINUSE',
    );
  });

  it('is the stack trace for any other error', () => {
    const error = new Error('a bug');
    expect(startProblem(error)).toBe(error.stack);
    expect(startProblem('thrown')).toBe('thrown');
  });
});
