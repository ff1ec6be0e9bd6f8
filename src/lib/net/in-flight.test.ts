import { inFlightLimit } from './in-flight.ts';

describe('inFlightLimit', () => {
  it('gives no more places than it has, and gives a place back once', () => {
    const inFlight = inFlightLimit(2);
    expect([inFlight.enter(), inFlight.enter(), inFlight.enter()]).toEqual([true, true, false]);
    expect(inFlight.running()).toBe(2);
    inFlight.leave();
    expect([inFlight.enter(), inFlight.enter()]).toEqual([true, false]);
  });

  it('is idle when nobody has a place, and tells everybody who waits', async () => {
    const inFlight = inFlightLimit(2);
    await inFlight.idle();
    inFlight.enter();
    inFlight.enter();
    let told = 0;
    const waiting = [inFlight.idle(), inFlight.idle()].map((idle) => idle.then(() => (told += 1)));
    inFlight.leave();
    await Promise.resolve();
    expect(told).toBe(0);
    inFlight.leave();
    await Promise.all(waiting);
    expect(told).toBe(2);
  });
});
