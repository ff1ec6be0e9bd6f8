import fc from 'fast-check';
import { eventually } from '../testing/eventually.ts';
import { endedInTime, shutdownShares } from './lifecycle.ts';

describe('the time of a shutdown', () => {
  it('is enough for a checkout of ten seconds, and what follows from it, where the manifests say 25 seconds', () => {
    expect(shutdownShares({ delayMs: 0, limitMs: 25_000 })).toEqual({
      drainMs: 21_500,
      closeMs: 22_500,
      flushMs: 2000,
    });
  });

  it('is shared out so that all of it is over at the limit', () => {
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

describe('the end of a service', () => {
  function ending(close: () => Promise<void>) {
    const steps: string[] = [];
    const step = (name: string) => async () => {
      steps.push(name);
    };
    const service = { address: '', startDraining: () => {}, [Symbol.asyncDispose]: close };
    const last = { closeMs: 50, flush: step('traces sent'), closeMetrics: step('metrics closed') };
    return { steps, service: endedInTime(service, last) };
  }

  it('sends the traces after the service has closed, and offers its metrics to the end', async () => {
    const { steps, service } = ending(async () => {
      steps.push('closed');
    });
    await service[Symbol.asyncDispose]();
    expect(steps).toEqual(['closed', 'traces sent', 'metrics closed']);
  });

  it('sends the traces also when a close takes too long, and then waits for it', async () => {
    let letGo = (): void => {};
    const { steps, service } = ending(() => new Promise((resolve) => (letGo = resolve)));
    const ended = service[Symbol.asyncDispose]();
    await eventually('the traces are sent', () => steps.length > 0);
    expect(steps).toEqual(['traces sent']);
    letGo();
    await ended;
    expect(steps).toEqual(['traces sent', 'metrics closed']);
  });

  it('fails as the close does, after the traces', async () => {
    const { steps, service } = ending(() => Promise.reject(new Error('broken')));
    await expect(service[Symbol.asyncDispose]()).rejects.toThrow('broken');
    expect(steps).toEqual(['traces sent', 'metrics closed']);
  });
});
