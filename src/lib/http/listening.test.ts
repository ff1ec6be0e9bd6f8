import type { FastifyInstance } from 'fastify';
import { inFlightLimit } from '../net/in-flight.ts';
import { closeGracefully } from './listening.ts';

/** A server that notes in which order it is closed. */
function recordedServer() {
  const steps: string[] = [];
  const app = {
    server: { close: () => steps.push('stop accepting'), closeAllConnections: () => steps.push('end connections') },
    close: async () => void steps.push('close'),
  };
  return { steps, app: app as unknown as FastifyInstance };
}

describe('closeGracefully', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('closes at once when no request is in flight', async () => {
    const { steps, app } = recordedServer();
    await closeGracefully(app, inFlightLimit(1), 1000);
    expect(steps).toEqual(['stop accepting', 'end connections', 'close']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('waits for the requests in flight', async () => {
    const { steps, app } = recordedServer();
    const inFlight = inFlightLimit(1);
    inFlight.enter();
    const closing = closeGracefully(app, inFlight, 1000);
    await jest.advanceTimersByTimeAsync(999);
    expect(steps).toEqual(['stop accepting']);
    inFlight.leave();
    await closing;
    expect(steps).toEqual(['stop accepting', 'end connections', 'close']);
  });

  it('ends the connections of requests that take longer than the drain time', async () => {
    const { steps, app } = recordedServer();
    const inFlight = inFlightLimit(1);
    inFlight.enter();
    const closing = closeGracefully(app, inFlight, 1000);
    await jest.advanceTimersByTimeAsync(1000);
    expect(steps).toEqual(['stop accepting', 'end connections']);
    // The end of its connection ends a request.
    inFlight.leave();
    await closing;
    expect(steps.at(-1)).toBe('close');
  });
});
