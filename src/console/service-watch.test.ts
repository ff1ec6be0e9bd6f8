import { once } from 'node:events';
import { createServer } from 'node:http';
import { watchServices } from './service-watch.ts';

const EXPOSITION = [
  'process_resident_memory_bytes{service="launcher"} 90000000',
  'nodejs_eventloop_lag_min_seconds{service="launcher"} 0.009',
  'nodejs_eventloop_lag_p99_seconds{service="launcher"} 0.014',
].join('\n');

/** A process that offers metrics, and counts how often they are read. */
async function startProcess() {
  let looks = 0;
  const server = createServer((_request, response) => {
    looks += 1;
    const active = `nodejs_eventloop_time_seconds_total{service="launcher",state="active"} ${looks}`;
    response.end(`${EXPOSITION}\n${active}\n`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const metrics = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    instance: { service: 'launcher', address: '-', metrics } as const,
    looks: () => looks,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('the service watch', () => {
  it('reports the event loop utilisation, the event loop lag and the memory of a process', async () => {
    await using process = await startProcess();
    using watch = watchServices([process.instance]);
    const { instances } = await watch.now();
    expect(instances).toMatchObject([
      { service: 'launcher', health: 'ready', busy: 0, lagMs: expect.closeTo(5, 5), memoryMb: 90 },
    ]);
  });

  it('scrapes a process once for all requests within a second', async () => {
    await using process = await startProcess();
    using watch = watchServices([process.instance]);
    await Promise.all(Array.from({ length: 50 }, () => watch.now()));
    for (let asked = 0; asked < 20; asked += 1) await watch.now();
    expect(process.looks()).toBeLessThanOrEqual(2);
  });

  it('reports a process that does not answer as "not answering", without figures', async () => {
    const process = await startProcess();
    await process[Symbol.asyncDispose]();
    using watch = watchServices([{ ...process.instance, service: 'cartservice', address: process.instance.metrics }]);
    expect(await watch.now()).toMatchObject({ instances: [{ health: 'not answering', memoryMb: 0 }], edges: [] });
  });
});
