import type { CallContext } from '../lib/grpc/call-context.ts';
import { TEST_START_MS, type TestRuntime, testRuntime } from '../lib/testing/test-runtime.ts';
import { FRESH_MS, type KeptCatalogue, keepCatalogue, RETRY_MS } from './kept-catalogue.ts';

/** A load that has begun, to be ended by the test. */
type Load = { call: CallContext; answer: (products: readonly string[]) => void; fail: () => void };

function subject(): { catalogue: KeptCatalogue<string>; loads: Load[]; runtime: TestRuntime } {
  const runtime = testRuntime();
  const loads: Load[] = [];
  const load = async (call: CallContext): Promise<readonly string[]> =>
    await new Promise((resolve, reject) => {
      const fail = (): void => reject(new Error('away'));
      call.signal.addEventListener('abort', fail);
      loads.push({ call, answer: resolve, fail });
    });
  return { catalogue: keepCatalogue({ load, now: runtime.now, log: runtime.log }), loads, runtime };
}

/** A catalogue that was loaded once, at the start of the test's time. */
async function loadedSubject(): Promise<ReturnType<typeof subject>> {
  const all = subject();
  const first = all.catalogue.products('first');
  all.loads[0]?.answer(['old']);
  await first;
  return all;
}

describe('the kept catalogue', () => {
  it('is loaded once for all who wait, for the one who asked first', async () => {
    const { catalogue, loads } = subject();
    const waiting = ['first', 'second', 'third'].map((requestId) => catalogue.products(requestId));
    loads[0]?.answer(['mug']);
    expect(await Promise.all(waiting)).toEqual([['mug'], ['mug'], ['mug']]);
    expect(loads.map(({ call }) => call.requestId)).toEqual(['first']);
  });

  it('is served for thirty seconds, and then loaded again', async () => {
    const { catalogue, loads, runtime } = await loadedSubject();
    runtime.setNow(TEST_START_MS + FRESH_MS - 1);
    expect(await catalogue.products('early')).toEqual(['old']);
    expect(loads).toHaveLength(1);
    runtime.setNow(TEST_START_MS + FRESH_MS);
    const late = catalogue.products('late');
    loads[1]?.answer(['new']);
    expect(await late).toEqual(['new']);
    expect(await catalogue.products('later')).toEqual(['new']);
    expect(loads).toHaveLength(2);
  });

  it('is served though it is old when it cannot be loaded again, and that is tried once a second', async () => {
    const { catalogue, loads, runtime } = await loadedSubject();
    runtime.setNow(TEST_START_MS + FRESH_MS);
    const late = [catalogue.products('late'), catalogue.products('late-too')];
    loads[1]?.fail();
    expect(await Promise.all(late)).toEqual([['old'], ['old']]);
    expect(runtime.logs.lines).toEqual([
      expect.objectContaining({
        level: 'warn',
        msg: 'catalogue refresh failed, serving stale products',
        requestId: 'late',
        err: expect.objectContaining({ message: 'away' }) as unknown,
      }),
    ]);
    runtime.setNow(TEST_START_MS + FRESH_MS + RETRY_MS - 1);
    expect(await catalogue.products('soon')).toEqual(['old']);
    expect(loads).toHaveLength(2);
    runtime.setNow(TEST_START_MS + FRESH_MS + RETRY_MS);
    const again = catalogue.products('again');
    loads[2]?.answer(['new']);
    expect(await again).toEqual(['new']);
  });

  it('is not waited for when there is an old one and the new one takes long', async () => {
    const { catalogue, loads, runtime } = await loadedSubject();
    runtime.setNow(TEST_START_MS + FRESH_MS);
    expect(await catalogue.products('patient')).toEqual(['old']);
    const waiting = catalogue.products('later');
    loads[1]?.answer(['new']);
    expect(await waiting).toEqual(['new']);
    expect(loads).toHaveLength(2);
  });

  it('is unavailable to all who wait when it was never loaded, and is loaded for whoever asks next', async () => {
    const { catalogue, loads, runtime } = subject();
    const waiting = [catalogue.products('first'), catalogue.products('second')];
    loads[0]?.fail();
    for (const outcome of await Promise.allSettled(waiting)) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { kind: 'unavailable', reason: 'CATALOGUE_UNAVAILABLE', cause: { message: 'away' } },
      });
    }
    expect(runtime.logs.lines).toEqual([]);
    const next = catalogue.products('next');
    loads[1]?.answer(['mug']);
    expect(await next).toEqual(['mug']);
  });

  it('is given up when the first load hangs, before a call without a deadline is over', async () => {
    const { catalogue, loads } = subject();
    const startedAt = Date.now();
    const waiting = catalogue.products('first');
    expect((loads[0]?.call.deadlineMs ?? 0) - startedAt).toBeLessThan(2000);
    await expect(waiting).rejects.toMatchObject({ reason: 'CATALOGUE_UNAVAILABLE' });
    expect(loads[0]?.call.signal.aborted).toBe(true);
  });

  it('ends a load when it is closed', async () => {
    const { catalogue, loads } = subject();
    const waiting = expect(catalogue.products('first')).rejects.toMatchObject({ reason: 'CATALOGUE_UNAVAILABLE' });
    await catalogue.close();
    expect(loads[0]?.call.signal.aborted).toBe(true);
    await waiting;
    await catalogue.close();
  });
});
