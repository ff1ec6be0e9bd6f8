import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort } from '../lib/testing/free-port.ts';
import { chooseTraces } from './traces.ts';

describe('the trace exporter that the launcher chooses', () => {
  it('is none when no receiver listens', async () => {
    const receiver = { host: '127.0.0.1', port: await freePort() };
    const { variables, text } = await chooseTraces({}, { console: undefined, receiver });
    expect(variables).toEqual({ TRACES_EXPORTER: 'none' });
    expect(text).toBe(`no receiver at 127.0.0.1:${receiver.port}`);
  });

  it('is OTLP when a receiver listens on this machine', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      const { variables, text } = await chooseTraces(
        { TRACES_EXPORTER: '' },
        { console: undefined, receiver: { host: '127.0.0.1', port } },
      );
      expect(variables).toEqual({ TRACES_EXPORTER: 'otlp' });
      expect(text).toBe(`sent to the receiver at 127.0.0.1:${port}`);
    } finally {
      server.close();
      await once(server, 'close');
    }
  });

  it.each(['otlp', 'jaeger', 'console', 'none', 'a value that the services refuse'])(
    'is %s when TRACES_EXPORTER names it',
    async (asked) => {
      const receiver = { host: '127.0.0.1', port: await freePort() };
      expect((await chooseTraces({ TRACES_EXPORTER: asked }, { console: undefined, receiver })).variables).toEqual({
        TRACES_EXPORTER: asked,
      });
    },
  );

  it('is OTLP when OTEL_EXPORTER_OTLP_ENDPOINT is set, even if nothing listens there yet', async () => {
    const receiver = { host: '127.0.0.1', port: await freePort() };
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
    expect((await chooseTraces(env, { console: undefined, receiver })).variables).toEqual({ TRACES_EXPORTER: 'otlp' });
  });

  it('includes the console, unless tracing is off', async () => {
    const options = { console: '127.0.0.1:8090', receiver: { host: '127.0.0.1', port: await freePort() } };
    expect(await chooseTraces({}, options)).toEqual({
      variables: { TRACES_EXPORTER: 'none', DEV_CONSOLE_ENDPOINT: 'http://127.0.0.1:8090' },
      text: `in the console only: no receiver at 127.0.0.1:${options.receiver.port}`,
    });
    expect(await chooseTraces({ TRACES_EXPORTER: 'jaeger' }, options)).toEqual({
      variables: { TRACES_EXPORTER: 'jaeger', DEV_CONSOLE_ENDPOINT: 'http://127.0.0.1:8090' },
      text: 'in the console, and sent as jaeger',
    });
    expect(await chooseTraces({ TRACES_EXPORTER: 'none' }, options)).toEqual({
      variables: { TRACES_EXPORTER: 'none' },
      text: 'off',
    });
  });
});
