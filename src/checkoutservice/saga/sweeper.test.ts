import { setImmediate } from 'node:timers/promises';
import { testRuntime } from '../../lib/testing/test-runtime.ts';
import { startSweeping } from './sweeper.ts';

describe('the sweeper', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const open = (sweep: () => Promise<void> = async () => {}) => {
    const runtime = testRuntime();
    const seen = { sweeps: 0, lastSweeps: 0 };
    const recovery = {
      sweep: async () => {
        seen.sweeps += 1;
        await sweep();
      },
      lastSweep: async () => {
        seen.lastSweeps += 1;
      },
    };
    return { seen, runtime, sweeper: startSweeping(recovery, runtime.log) };
  };

  it('sweeps every second', async () => {
    const { seen, sweeper } = open();
    jest.advanceTimersByTime(2000);
    expect(seen.sweeps).toBe(2);
    await sweeper.stop();
  });

  it('sweeps when woken, without waiting for the interval', async () => {
    const { seen, sweeper } = open();
    sweeper.wake();
    await setImmediate();
    expect(seen.sweeps).toBe(1);
    await sweeper.stop();
  });

  it('logs a failed sweep and sweeps again', async () => {
    const { seen, runtime, sweeper } = open(async () => {
      throw new Error('the store is unavailable');
    });
    sweeper.wake();
    await setImmediate();
    jest.advanceTimersByTime(1000);
    expect(seen.sweeps).toBe(2);
    expect(runtime.logs.lines).toContainEqual(
      expect.objectContaining({ msg: 'order recovery failed', level: 'error' }),
    );
    await sweeper.stop();
  });

  it('sweeps a last time when it is stopped, and ignores later wakes', async () => {
    const { seen, sweeper } = open();
    sweeper.wake();
    await sweeper.stop();
    sweeper.wake();
    await setImmediate();
    expect(seen).toEqual({ sweeps: 0, lastSweeps: 1 });
  });
});
