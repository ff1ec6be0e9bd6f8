import { setImmediate } from 'node:timers/promises';
import type { DomainError } from '../../lib/errors.ts';
import { storeUnavailable } from '../../lib/store-unavailable.ts';
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
    const seen = { sweeps: 0, taskSweeps: 0, lastSweeps: 0 };
    const recovery = {
      sweep: async () => {
        seen.sweeps += 1;
        await sweep();
      },
      sweepTasks: async () => {
        seen.taskSweeps += 1;
      },
      lastSweep: async () => {
        seen.lastSweeps += 1;
      },
    };
    return { seen, runtime, sweeper: startSweeping(recovery, runtime) };
  };

  it('sweeps every second', async () => {
    const { seen, sweeper } = open();
    jest.advanceTimersByTime(2000);
    expect(seen.sweeps).toBe(2);
    await sweeper.stop();
  });

  it('processes the outbox when woken, without waiting for the interval and without reading unfinished orders', async () => {
    const { seen, sweeper } = open();
    sweeper.wake();
    await setImmediate();
    expect(seen).toEqual({ sweeps: 0, taskSweeps: 1, lastSweeps: 0 });
    await sweeper.stop();
  });

  const second = async (): Promise<void> => {
    jest.advanceTimersByTime(1000);
    await setImmediate();
  };
  const unavailable = (): DomainError =>
    storeUnavailable({ cause: new Error('connection refused'), isNothingStored: true });

  it('logs each failed sweep that is not caused by an unavailable store, and sweeps again', async () => {
    const { seen, runtime, sweeper } = open(async () => {
      throw new Error('a programming error');
    });
    await second();
    await second();
    expect(seen.sweeps).toBe(2);
    expect(runtime.logs.lines).toMatchObject([
      { msg: 'order recovery failed', level: 'error' },
      { msg: 'order recovery failed', level: 'error' },
    ]);
    await sweeper.stop();
  });

  it('logs once that the store is unavailable, and once that it is available again and how long it was not', async () => {
    let isAvailable = false;
    const { runtime, sweeper } = open(async () => {
      if (!isAvailable) throw unavailable();
    });
    const messages = () => runtime.logs.lines.map(({ msg }) => msg);
    const startMs = runtime.now();
    for (let round = 0; round < 5; round += 1) await second();
    expect(messages()).toEqual(['order recovery failed']);
    isAvailable = true;
    runtime.setNow(startMs + 5000);
    await second();
    await second();
    expect(runtime.logs.lines.slice(1)).toMatchObject([
      { msg: 'order recovery available again', level: 'info', unavailableMs: 5000 },
    ]);
    isAvailable = false;
    await second();
    expect(messages().slice(2)).toEqual(['order recovery failed']);
    await sweeper.stop();
  });

  it('does not take the end of a sweep that started before the outage for the end of the outage', async () => {
    let finishFirst = (): void => {};
    let count = 0;
    const { runtime, sweeper } = open(async () => {
      count += 1;
      if (count > 1) throw unavailable();
      await new Promise<void>((resolve) => {
        finishFirst = resolve;
      });
    });
    await second();
    await second();
    finishFirst();
    await setImmediate();
    expect(runtime.logs.lines.map(({ msg }) => msg)).toEqual(['order recovery failed']);
    await sweeper.stop();
  });

  it('sweeps a last time when it is stopped, and ignores later wakes', async () => {
    const { seen, sweeper } = open();
    sweeper.wake();
    await sweeper.stop();
    sweeper.wake();
    await setImmediate();
    expect(seen).toEqual({ sweeps: 0, taskSweeps: 0, lastSweeps: 1 });
  });
});
