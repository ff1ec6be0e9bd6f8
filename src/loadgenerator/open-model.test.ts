import { heldShoppers } from './fake-shopper.testing.ts';
import { runOpenModel } from './open-model.ts';
import { newTally, type Tally } from './tally.ts';

describe('runOpenModel', () => {
  let ending: AbortController;
  let tally: Tally;

  beforeEach(() => {
    jest.useFakeTimers();
    ending = new AbortController();
    tally = newTally();
  });

  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('starts pages at its rate even when none gets a response, each with a new shopper', async () => {
    const { newShopper, pages, count } = heldShoppers();
    const beganAt = performance.now();
    const model = { pagesPerSecond: 100, users: 2, maxInFlight: 100, newShopper, tally };
    const running = runOpenModel(model, ending.signal);
    await jest.advanceTimersByTimeAsync(400);
    const due = Array.from({ length: 41 }, (_, page) => page * 10);
    expect(pages.map(({ startedAt }) => startedAt - beganAt)).toEqual(due);
    expect(count()).toBe(41);
    ending.abort();
    for (const page of pages) page.end();
    await running;
    expect(tally.totals()).toMatchObject({ pages: 41, errors: 0 });
  });

  it('uses its idle shoppers in turn', async () => {
    const { newShopper, pages } = heldShoppers(({ end }) => end());
    const model = { pagesPerSecond: 50, users: 3, maxInFlight: 100, newShopper, tally };
    const running = runOpenModel(model, ending.signal);
    await jest.advanceTimersByTimeAsync(160);
    ending.abort();
    await running;
    expect(pages.map(({ shopper }) => shopper)).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
  });

  it('counts latency from the time a page was due, even when the process itself was blocked', async () => {
    const { newShopper } = heldShoppers(({ end }) => end());
    const model = { pagesPerSecond: 100, users: 5, maxInFlight: 100, newShopper, tally };
    const clock = performance.now.bind(performance);
    let stalledMs = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => clock() + stalledMs);
    const running = runOpenModel(model, ending.signal);
    // The timer of the second page fires 400 ms late; the pages that were due meanwhile then start at once.
    stalledMs = 400;
    await jest.advanceTimersByTimeAsync(200);
    ending.abort();
    await running;
    const { pages, latencyMs } = tally.totals();
    expect(pages).toBe(61);
    expect(Math.round(latencyMs.max / 10) * 10).toBe(400);
    expect(Math.round(latencyMs.p50 / 10) * 10).toBe(110);
  });

  it('counts pages as failed that are due at the limit of pages in flight', async () => {
    const { newShopper, pages } = heldShoppers();
    const model = { pagesPerSecond: 200, users: 1, maxInFlight: 3, newShopper, tally };
    const running = runOpenModel(model, ending.signal);
    await jest.advanceTimersByTimeAsync(100);
    ending.abort();
    for (const page of pages) page.end();
    await running;
    const totals = tally.totals();
    expect(pages).toHaveLength(3);
    expect(totals).toMatchObject({ pages: 21, errorsByReason: { NOT_STARTED: 18 } });
    expect(totals.byPage.index).toMatchObject({ pages: 3, errors: 0 });
  });
});
