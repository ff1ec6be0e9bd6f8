import { firstResponse } from './first-response.ts';

describe('firstResponse', () => {
  it('makes one call for all concurrent invocations', async () => {
    let calls = 0;
    let respond = (): void => {};
    const hasResponded = firstResponse(async () => {
      calls += 1;
      await new Promise<void>((resolve) => {
        respond = resolve;
      });
    });
    const results = [hasResponded(), hasResponded(), hasResponded()];
    respond();
    expect(await Promise.all(results)).toEqual([true, true, true]);
    expect(calls).toBe(1);
  });

  it('calls again after a failed call, and never again after a response', async () => {
    const outcomes = [false, false, true];
    const hasResponded = firstResponse(async () => {
      if (outcomes.shift() === false) throw new Error('unavailable');
    });
    expect([await hasResponded(), await hasResponded(), await hasResponded(), await hasResponded()]).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(outcomes).toEqual([]);
  });
});
