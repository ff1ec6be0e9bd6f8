import fc from 'fast-check';
import { eventually } from '../testing/eventually.ts';
import { endedInTime, shutdownShares } from './lifecycle.ts';

describe('shutdownShares', () => {
  it('leaves more than the ten seconds of a checkout for the calls in flight when the limit is 25 seconds', () => {
    expect(shutdownShares({ delayMs: 0, limitMs: 25_000 })).toEqual({
      drainMs: 21_500,
      closeMs: 22_500,
      flushMs: 2000,
    });
  });

  it('returns shares that end within the limit', () => {
    const times = fc.record({ delayMs: fc.nat(60_000), limitMs: fc.integer({ min: 100, max: 300_000 }) });
    fc.assert(
      fc.property(times, ({ delayMs, limitMs }) => {
        const { drainMs, closeMs, flushMs } = shutdownShares({ delayMs, limitMs });
        expect(Math.min(drainMs, closeMs, flushMs)).toBeGreaterThanOrEqual(0);
        expect(drainMs).toBeLessThanOrEqual(closeMs);
        expect(closeMs + flushMs).toBeLessThanOrEqual(Math.max(limitMs - delayMs, 0));
      }),
    );
  });
});

describe('closing a service with its traces and metrics', () => {
  function ending(close: () => Promise<void>) {
    const steps: string[] = [];
    const step = (name: string) => async () => {
      steps.push(name);
    };
    const service = { address: '', startDraining: () => {}, [Symbol.asyncDispose]: close };
    const last = { closeMs: 50, flush: step('traces flushed'), closeMetrics: step('metrics closed') };
    return { steps, service: endedInTime(service, last) };
  }

  it('flushes the traces after the service has closed, and closes the metrics last', async () => {
    const { steps, service } = ending(async () => {
      steps.push('closed');
    });
    await service[Symbol.asyncDispose]();
    expect(steps).toEqual(['closed', 'traces flushed', 'metrics closed']);
  });

  it('flushes the traces when closing takes too long, then waits for the service to close', async () => {
    let finishClosing = (): void => {};
    const { steps, service } = ending(() => new Promise((resolve) => (finishClosing = resolve)));
    const ended = service[Symbol.asyncDispose]();
    await eventually('the traces are flushed', () => steps.length > 0);
    expect(steps).toEqual(['traces flushed']);
    finishClosing();
    await ended;
    expect(steps).toEqual(['traces flushed', 'metrics closed']);
  });

  it('rejects with the error of the service after the traces are flushed', async () => {
    const { steps, service } = ending(() => Promise.reject(new Error('broken')));
    await expect(service[Symbol.asyncDispose]()).rejects.toThrow('broken');
    expect(steps).toEqual(['traces flushed', 'metrics closed']);
  });
});
