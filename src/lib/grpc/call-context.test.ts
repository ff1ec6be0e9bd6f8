import { beginCall, remainingMs } from './call-context.ts';

describe('beginCall', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('returns a context whose deadline is the budget from now', () => {
    using call = beginCall({ budgetMs: 3000, requestId: 'r-1' });
    expect(call.requestId).toBe('r-1');
    expect(call.deadlineMs).toBe(Date.now() + 3000);
    jest.advanceTimersByTime(1000);
    expect(remainingMs(call)).toBe(2000);
  });

  it('aborts the signal at the deadline and not before', () => {
    using call = beginCall({ budgetMs: 3000, requestId: 'r-1' });
    jest.advanceTimersByTime(2999);
    expect(call.signal.aborted).toBe(false);
    jest.advanceTimersByTime(1);
    expect(call.signal.aborted).toBe(true);
    expect(remainingMs(call)).toBe(0);
  });

  it('aborts the signal and clears its timer when the context is disposed', () => {
    const call = beginCall({ budgetMs: 60_000, requestId: 'r-1' });
    call[Symbol.dispose]();
    expect(call.signal.aborted).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });
});
