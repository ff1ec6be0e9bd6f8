import { repeatableRandom } from '../lib/testing/repeatable-random.ts';
import { drawAction, drawFrom, drawWaitMs } from './mix.ts';

describe('the load mix', () => {
  it('has the weights 1, 2, 10, 2, 3, 1 of 19', () => {
    const counts: Record<string, number> = {};
    for (let drawn = 0; drawn < 19; drawn += 1) {
      const action = drawAction((limit) => {
        expect(limit).toBe(19);
        return drawn;
      });
      counts[action] = (counts[action] ?? 0) + 1;
    }
    expect(counts).toEqual({ index: 1, setCurrency: 2, browseProduct: 10, addToCart: 2, viewCart: 3, checkout: 1 });
  });

  it('keeps its proportions over many draws', () => {
    const random = repeatableRandom();
    const draws = Array.from({ length: 19_000 }, () => drawAction(random));
    const browsed = draws.filter((action) => action === 'browseProduct').length;
    const bought = draws.filter((action) => action === 'checkout').length;
    expect(Math.abs(browsed - 10_000)).toBeLessThan(300);
    expect(Math.abs(bought - 1000)).toBeLessThan(150);
  });

  it('draws pauses uniformly from 1 to 10 seconds', () => {
    const random = repeatableRandom();
    const waits = Array.from({ length: 10_000 }, () => drawWaitMs(random));
    expect(waits.reduce((sum, ms) => sum + ms, 0) / waits.length).toBeCloseTo(5500, -2);
    expect(drawWaitMs(() => 0)).toBe(1000);
    expect(drawWaitMs((limit) => limit - 1)).toBe(10_000);
  });

  it('throws a RangeError for an empty list', () => {
    expect(() => drawFrom([], () => 0)).toThrow(RangeError);
  });
});
