import { inFlightLimit } from './in-flight.ts';

describe('inFlightLimit', () => {
  it('admits no more calls than its limit, and one more after a call has ended', () => {
    const inFlight = inFlightLimit(2);
    expect([inFlight.enter(), inFlight.enter(), inFlight.enter()]).toEqual([true, true, false]);
    expect(inFlight.running()).toBe(2);
    inFlight.leave();
    expect([inFlight.enter(), inFlight.enter()]).toEqual([true, false]);
  });

  it('is idle when no call is in flight, and resolves every waiting promise', async () => {
    const inFlight = inFlightLimit(2);
    await inFlight.idle();
    inFlight.enter();
    inFlight.enter();
    let resolved = 0;
    const waiting = [inFlight.idle(), inFlight.idle()].map((idle) => idle.then(() => (resolved += 1)));
    inFlight.leave();
    await Promise.resolve();
    expect(resolved).toBe(0);
    inFlight.leave();
    await Promise.all(waiting);
    expect(resolved).toBe(2);
  });
});
