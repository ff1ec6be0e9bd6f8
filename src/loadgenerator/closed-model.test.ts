import { runClosedModel } from './closed-model.ts';
import { heldShoppers } from './fake-shopper.testing.ts';
import { newTally, type Tally } from './tally.ts';

describe('runClosedModel', () => {
  let ending: AbortController;
  let tally: Tally;

  beforeEach(() => {
    jest.useFakeTimers();
    ending = new AbortController();
    tally = newTally();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const startsOf = (pages: readonly { shopper: number; startedAt: number }[], beganAt: number) =>
    pages.map(({ shopper, startedAt }) => [shopper, startedAt - beganAt]);

  it('adds users at the rate, each of whom waits for a response and then pauses', async () => {
    const { newShopper, pages } = heldShoppers(({ end }) => setTimeout(end, 20));
    const beganAt = performance.now();
    const model = { users: 2, rate: 10, newShopper, nextWaitMs: () => 50, tally };
    const running = runClosedModel(model, ending.signal);
    await jest.advanceTimersByTimeAsync(200);
    ending.abort();
    await jest.advanceTimersByTimeAsync(20);
    await running;
    expect(startsOf(pages, beganAt)).toEqual([
      [1, 0],
      [1, 70],
      [2, 100],
      [1, 140],
      [2, 170],
    ]);
    expect(tally.totals().latencyMs.max).toBeCloseTo(20, 0);
  });

  it('waits at least 100 ms after a failure, even when users pause for a shorter time', async () => {
    const { newShopper, pages } = heldShoppers(({ end }) => end({ kind: 'failed', reason: 'HTTP_503' }));
    const beganAt = performance.now();
    const model = { users: 1, rate: 1, newShopper, nextWaitMs: () => 0, tally };
    const running = runClosedModel(model, ending.signal);
    await jest.advanceTimersByTimeAsync(250);
    ending.abort();
    await running;
    expect(startsOf(pages, beganAt)).toEqual([
      [1, 0],
      [1, 100],
      [1, 200],
    ]);
  });
});
