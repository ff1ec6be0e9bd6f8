import { once } from 'node:events';
import { beginCall, remainingMs } from './call-context.ts';

describe('beginCall', () => {
  it('has a deadline as far away as its budget', () => {
    using call = beginCall({ budgetMs: 3000, requestId: 'r-1' });
    expect(call.requestId).toBe('r-1');
    expect(remainingMs(call)).toBeGreaterThan(2900);
    expect(remainingMs(call)).toBeLessThanOrEqual(3000);
    expect(call.signal.aborted).toBe(false);
  });

  it('ends at its deadline', async () => {
    using call = beginCall({ budgetMs: 30, requestId: 'r-1' });
    await once(call.signal, 'abort');
    expect(remainingMs(call)).toBeLessThanOrEqual(1);
  });

  it('cancels what is below it when it is disposed', () => {
    const call = beginCall({ budgetMs: 60_000, requestId: 'r-1' });
    call[Symbol.dispose]();
    expect(call.signal.aborted).toBe(true);
  });
});
