import { firstAnswer } from './first-answer.ts';

describe('firstAnswer', () => {
  it('makes one call for all questions that arrive while it is in flight', async () => {
    let calls = 0;
    let answer = (): void => {};
    const answered = firstAnswer(async () => {
      calls += 1;
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
    });
    const questions = [answered(), answered(), answered()];
    answer();
    expect(await Promise.all(questions)).toEqual([true, true, true]);
    expect(calls).toBe(1);
  });

  it('calls again after a failed call, and never after an answered one', async () => {
    const outcomes = [false, false, true];
    const answered = firstAnswer(async () => {
      if (outcomes.shift() === false) throw new Error('unavailable');
    });
    expect([await answered(), await answered(), await answered(), await answered()]).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(outcomes).toEqual([]);
  });
});
